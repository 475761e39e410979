import RawJSON

extension MethodDescription {
  static let closeChannel = MethodDescription(
    .closeChannel, "close_channel", "Ends a channel that this connection reads or writes.",
    parameters: [Parameter("ref", .members(ChannelReference.members), isRequired: true, "The end.")],
    result: "an empty object; for a writer, once the engine has everything",
    returns: .object([:]))
}

/// The arguments of `close_channel`.
package struct CloseChannelParameters: Sendable {
  enum Slot: Int { case ref }

  /// The end.
  package let ref: ChannelReference

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    ref = ChannelReference(Slot.ref, ArgumentValues(.closeChannel, arguments), reader, text)
  }
}
