/// One message of a channel: it arrives whole, as the kind that was sent, and in order.
public enum ChannelItem: Sendable, Hashable {
  /// Bytes; a piece of what was written, of any size.
  case bytes([UInt8])
  /// A text.
  case text(String)
}

extension ChannelItem {
  /// What a message is, without its content.
  package enum Kind: Sendable, Equatable {
    /// Bytes.
    case bytes
    /// A text.
    case text
  }

  /// How many bytes the message has.
  package var byteCount: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .text(let text): text.utf8.count
    }
  }
}
