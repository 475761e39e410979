import III
import LocalProtocol

/// The daemon's own function at the engine, by which it hears what subscribers want to know.
struct EngineWatch {
  /// Which of the engine's trigger types tells of what.
  static let types: KeyValuePairs<EventTopic, String> = [
    .functionsAvailable: "engine::functions-available", .workersAvailable: "engine::workers-available",
  ]

  /// Hidden from lists.
  static let definition = Array(#""description":"Hears what happens at the engine","metadata":{"internal":true}"#.utf8)

  /// Like no other daemon's.
  let functionID: String
  /// The binding of each topic that somebody wants.
  var triggers: [EventTopic: String] = [:]

  /// Why the engine does not tell of a topic.
  var refusals: [EventTopic: TriggerFailure] = [:]

  /// What a binding is for; nil for one that is none of these.
  func topic(of trigger: String) -> EventTopic? { triggers.first { $0.value == trigger }?.key }

  init(unique: String) { functionID = "iiid::events::\(unique)" }

  // MARK: - Questions about the bindings

  /// The trigger type of a topic.
  static func type(of topic: EventTopic) -> String { types.first { $0.key == topic }?.value ?? "" }

  /// The context of a call that asks about a topic, by its number in ``types``: below those of clients' calls.
  static func context(ofTopic number: Int) -> Int { -1 - number }

  /// The topic of such a call.
  static func topic(ofContext context: Int) -> EventTopic? {
    let number = -1 - context
    return types.indices.contains(number) ? types[number].key : nil
  }
}
