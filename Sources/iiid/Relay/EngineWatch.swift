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

  /// What a binding is for; nil for one that is none of these.
  func topic(of trigger: String) -> EventTopic? { triggers.first { $0.value == trigger }?.key }

  init(unique: String) { functionID = "iiid::events::\(unique)" }
}
