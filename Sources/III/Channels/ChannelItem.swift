/// One message of a channel: it arrives whole, as the kind that was sent, and in order.
public enum ChannelItem: Sendable, Hashable {
  /// Bytes; a piece of what was written, of any size.
  case bytes([UInt8])
  /// A text.
  case text(String)
}
