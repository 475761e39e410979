import RawJSON

extension MethodDescription {
  static let outboxList = MethodDescription(
    .outboxList, "outbox_list", "Lists the calls that are kept on disk, oldest first, without what they say.",
    parameters: [
      Parameter(
        "after", .integer(0...Int.max), standard: .integer(0), "Only calls with a larger outbox_id: for the next page."),
      Parameter("limit", .integer(1...1000), standard: .integer(100), "How many rows at most."),
      Parameter("failed", .boolean, standard: .boolean(false), "Only calls that are not tried any more."),
    ],
    result: "entries: the rows; and total, failed and bytes of all that is kept",
    returns: .object([
      "entries": .array(
        .object([
          "outbox_id": .integer, "state": .words(["waiting", "sent", "failed"]), "function_id": .string,
          "queue": .optional(.string), "bytes": .integer, "uid": .integer, "accepted_at": .integer,
          "expires_at": .optional(.integer), "attempts": .integer,
          "error": .optional(.object(["code": .string, "message": .string])),
        ])), "total": .integer, "failed": .integer, "bytes": .integer,
    ]),
    isAdministrative: true)
}

/// The arguments of `outbox_list`.
package struct OutboxListParameters: Sendable {
  enum Slot: Int { case after, limit, failed }

  /// The number that the rows' are larger than.
  package let after: Int
  /// How many rows at most.
  package let limit: Int
  /// Whether only calls that are not tried any more are wanted.
  package let onlyFailed: Bool

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    let values = ArgumentValues(.outboxList, arguments)
    after = values.integer(Slot.after, reader, text)
    limit = values.integer(Slot.limit, reader, text)
    onlyFailed = values.boolean(Slot.failed, reader, text)
  }
}
