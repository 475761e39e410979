import RawJSON

extension MethodDescription {
  static let outboxDrop = MethodDescription(
    .outboxDrop, "outbox_drop", "Drops calls that are kept on disk.",
    parameters: [
      Parameter("outbox_id", .integer(1...Int.max), "Which call; left out, all that are not tried any more."),
      Parameter("all", .boolean, standard: .boolean(false), "Without outbox_id: also those that are still tried."),
    ],
    result: "count: how many calls were dropped",
    returns: .object(["count": .integer]),
    isAdministrative: true)
}

/// The arguments of `outbox_drop`.
package struct OutboxDropParameters: Sendable {
  enum Slot: Int { case outboxID, all }

  /// Which call; nil for all that are not tried any more.
  package let outboxID: Int?
  /// Whether those that are still tried are meant too.
  package let all: Bool

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    let values = ArgumentValues(.outboxDrop, arguments)
    outboxID = values.optionalInteger(Slot.outboxID, reader, text)
    all = values.boolean(Slot.all, reader, text)
  }
}
