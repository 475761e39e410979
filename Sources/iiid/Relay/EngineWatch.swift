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

  /// The context of the last question about each topic's binding, until it is answered.
  private var questions: [EventTopic: Int] = [:]
  private var questionCount = 0

  /// What a binding is for; nil for one that is none of these.
  func topic(of trigger: String) -> EventTopic? { triggers.first { $0.value == trigger }?.key }

  init(unique: String) { functionID = "iiid::events::\(unique)" }

  // MARK: - Questions about the bindings

  /// The trigger type of a topic.
  static func type(of topic: EventTopic) -> String { types.first { $0.key == topic }?.value ?? "" }

  /// A new question about a topic; the answers to earlier ones are of no use any more.
  ///
  /// - Returns: The context of the call, below those of clients' calls.
  mutating func question(about topic: EventTopic) -> Int {
    questionCount += 1
    questions[topic] = -questionCount
    return -questionCount
  }

  /// The topic of a question whose answer is waited for; it is answered with that.
  mutating func answered(_ context: Int) -> EventTopic? {
    guard let topic = questions.first(where: { $0.value == context })?.key else { return nil }
    questions[topic] = nil
    return topic
  }
}
