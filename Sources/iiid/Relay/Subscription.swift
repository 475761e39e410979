import LocalProtocol

/// What one client is told of unasked.
///
/// While the client does not read, events are held, of each subject the last one only; how many were left out is told with
/// the next (local protocol, section 2.3).
struct Subscription {
  /// One event that waits.
  struct Held {
    let topic: EventTopic
    /// What the event is about; a later one about the same takes its place.
    let subject: String
    let fields: [UInt8]
    let time: Int
  }

  let id: Int
  let client: ClientID
  let topics: [EventTopic]
  private var sequence = 0
  private var lagged = 0
  private(set) var held: [Held] = []

  init(id: Int, client: ClientID, topics: [EventTopic]) {
    self.id = id
    self.client = client
    self.topics = topics
  }

  /// The head of an event that is sent now.
  mutating func head(_ topic: EventTopic, at time: Int) -> DaemonMessage.EventHead {
    sequence += 1
    defer { lagged = 0 }
    return DaemonMessage.EventHead(subscription: id, topic: topic, sequence: sequence, time: time, lagged: lagged)
  }

  /// Keeps an event until the client reads again.
  mutating func hold(_ event: Held) {
    if let index = held.firstIndex(where: { $0.topic == event.topic && $0.subject == event.subject }) {
      held.remove(at: index)
      lagged += 1
    }
    held.append(event)
  }

  /// What was held, in the order of the last events.
  mutating func takeHeld() -> [Held] {
    defer { held = [] }
    return held
  }
}
