import RawJSON

extension MethodDescription {
  static let outboxRetry = MethodDescription(
    .outboxRetry, "outbox_retry", "Tries calls again that the engine has refused.",
    parameters: [
      Parameter("outbox_id", .integer(1...Int.max), "Which call; left out, all that are not tried any more.")
    ],
    result: "count: how many calls are tried again",
    returns: .object(["count": .integer]),
    isAdministrative: true)
}

/// The arguments of `outbox_retry`.
package struct OutboxRetryParameters: Sendable {
  enum Slot: Int { case outboxID }

  /// Which call; nil for all that are not tried any more.
  package let outboxID: Int?

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    outboxID = ArgumentValues(.outboxRetry, arguments).optionalInteger(Slot.outboxID, reader, text)
  }
}
