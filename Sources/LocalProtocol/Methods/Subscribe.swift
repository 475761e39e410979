import RawJSON

extension MethodDescription {
  static let subscribe = MethodDescription(
    .subscribe, "subscribe", "Asks to be told of what happens: each event comes as a notification on this connection.",
    parameters: [
      Parameter(
        "events", .choices(EventTopic.allCases.map(\.rawValue)), isRequired: true,
        "What of; at least one."),
      Parameter("snapshot", .boolean, standard: .boolean(true), "Whether to begin with how things are now."),
    ],
    result: "subscription_id and events",
    returns: .object(["subscription_id": .integer, "events": .array(.words(EventTopic.allCases.map(\.rawValue)))]),
    isAllowedInBatch: false)
}

/// The arguments of `subscribe`.
package struct SubscribeParameters: Sendable {
  enum Slot: Int { case events, snapshot }

  /// What of, each once, in the order of ``EventTopic``.
  package let topics: [EventTopic]
  /// Whether to begin with how things are.
  package let wantsSnapshot: Bool

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    let values = ArgumentValues(.subscribe, arguments)
    wantsSnapshot = values.boolean(Slot.snapshot, reader, text)
    var names: [String] = []
    var array = JSONEnvelope()
    if let range = values.range(Slot.events, reader), (try? array.scan(text.extracting(range))) != nil {
      names = array.members.compactMap { $0.string(in: text.extracting(range)) }
    }
    topics = EventTopic.allCases.filter { names.contains($0.rawValue) }
  }
}
