import RawJSON

extension MethodDescription {
  static let createChannel = MethodDescription(
    .createChannel, "create_channel", "Makes a channel: a stream of bytes and texts beside the calls.",
    parameters: [
      Parameter(
        "buffer_size", .integer(1...1024), standard: .integer(64),
        "How many messages the engine holds for a reader that is behind.")
    ],
    result: "reader and writer: what opens each end, to be used here or put into a payload",
    returns: .object(["reader": .channelReference, "writer": .channelReference]))
}

/// The arguments of `create_channel`.
package struct CreateChannelParameters: Sendable {
  enum Slot: Int { case bufferSize }

  /// How many messages the engine holds.
  package let bufferSize: Int

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    bufferSize = ArgumentValues(.createChannel, arguments).integer(Slot.bufferSize, reader, text)
  }
}
