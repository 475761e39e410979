import RawJSON

extension MethodDescription {
  static let cancel = MethodDescription(
    .cancel, "cancel", "Gives up a request of this connection that has not been answered; it fails as CANCELLED.",
    parameters: [Parameter("id", .id, isRequired: true, "The request's id.")],
    result: "cancelled: whether there was such a request",
    returns: .object(["cancelled": .boolean]), mayBeNotification: true)
}

/// The arguments of `cancel`.
package struct CancelParameters: Sendable {
  enum Slot: Int { case id }

  /// The request to give up.
  package let id: RequestID

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    id = arguments.member(Slot.id, in: reader.envelope).flatMap { RequestID($0, in: text) } ?? RequestID("")
  }
}
