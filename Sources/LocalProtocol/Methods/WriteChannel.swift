import Bytes
import RawJSON

extension MethodDescription {
  static let writeChannel = MethodDescription(
    .writeChannel, "write_channel", "Writes a text or bytes into a channel, or ends it.",
    parameters: [
      Parameter("ref", .members(ChannelReference.members), isRequired: true, "What opens the end, for writing."),
      Parameter("text", .string, "A text: one message."),
      Parameter("base64", .string, "Bytes, with padding."),
      Parameter(
        "eof", .boolean, standard: .boolean(false),
        "Whether this is all: the channel is closed behind it, and the answer comes when the engine has everything."),
    ],
    result: "accepted_bytes, and window: how many more bytes are taken without a wait",
    returns: .object(["accepted_bytes": .integer, "window": .integer]))
}

/// The arguments of `write_channel`.
package struct WriteChannelParameters: Sendable {
  enum Slot: Int { case ref, text, base64, eof }

  /// What is written.
  package enum Content: Equatable, Sendable {
    /// Nothing: the channel is to be ended.
    case nothing
    /// One text, in UTF-8.
    case text([UInt8])
    /// Bytes.
    case bytes([UInt8])

    /// How many bytes it has.
    package var byteCount: Int {
      switch self {
      case .nothing: 0
      case .text(let bytes), .bytes(let bytes): bytes.count
      }
    }
  }

  /// What opens the end.
  package let ref: ChannelReference
  /// What is written.
  package let content: Content
  /// Whether this is all.
  package let isLast: Bool

  /// Reads what ``MessageReader`` has checked.
  ///
  /// - Throws: ``LocalError`` for what cannot be written.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) throws(LocalError) {
    let values = ArgumentValues(.writeChannel, arguments)
    ref = ChannelReference(Slot.ref, values, reader, text)
    isLast = values.boolean(Slot.eof, reader, text)
    switch (values.string(Slot.text, reader, text), values.string(Slot.base64, reader, text)) {
    case (let text?, nil): content = .text(Array(text.utf8))
    case (nil, let encoded?):
      guard let bytes = Base64.decode(encoded) else {
        throw .invalidParameter("base64", "base64 must be RFC 4648's, with padding and without line breaks")
      }
      content = .bytes(bytes)
    case (nil, nil) where isLast: content = .nothing
    case (nil, nil): throw .invalidParameter("text", "one of text and base64 must be there, unless eof is true")
    case (.some, .some): throw .invalidParameter("base64", "text and base64 exclude each other")
    }
  }
}
