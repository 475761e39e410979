import RawJSON

extension MethodDescription {
  static let readChannel = MethodDescription(
    .readChannel, "read_channel", "Takes what has been written into a channel, as soon as there is something.",
    parameters: [
      Parameter("ref", .members(ChannelReference.members), isRequired: true, "What opens the end, for reading."),
      Parameter(
        "max_bytes", .integer(1...(1 << 20)), standard: .integer(256 << 10),
        "How much to take: bytes are cut there, and of texts the first one always comes whole."),
      Parameter(
        "wait_ms", .integer(0...Milliseconds.longest), standard: .integer(30_000),
        "How long to wait before answering without an item."),
    ],
    result: "items, each with text or base64, and eof",
    returns: .object([
      "items": .array(.either([.object(["text": .string]), .object(["base64": .string])])), "eof": .boolean,
    ]))
}

/// The arguments of `read_channel`.
package struct ReadChannelParameters: Sendable {
  enum Slot: Int { case ref, maximum, wait }

  /// What opens the end.
  package let ref: ChannelReference
  /// How many bytes to take at most.
  package let maximum: Int
  /// Milliseconds to wait for the first item.
  package let wait: Int

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    let values = ArgumentValues(.readChannel, arguments)
    ref = ChannelReference(Slot.ref, values, reader, text)
    maximum = values.integer(Slot.maximum, reader, text)
    wait = values.integer(Slot.wait, reader, text)
  }
}
