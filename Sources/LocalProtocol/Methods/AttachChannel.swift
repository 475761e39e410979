import RawJSON

extension MethodDescription {
  static let attachChannel = MethodDescription(
    .attachChannel, "attach_channel",
    "Makes this connection an end of a channel: bytes, and no lines any more, until it is closed.",
    parameters: [Parameter("ref", .members(ChannelReference.members), isRequired: true, "What opens the end.")],
    result: "mode (raw) and direction; then bytes",
    returns: .object(["mode": .words(["raw"]), "direction": .words(["read", "write"])]), isAllowedInBatch: false)
}

/// The arguments of `attach_channel`.
package struct AttachChannelParameters: Sendable {
  enum Slot: Int { case ref }

  /// What opens the end.
  package let ref: ChannelReference

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    ref = ChannelReference(Slot.ref, ArgumentValues(.attachChannel, arguments), reader, text)
  }
}
