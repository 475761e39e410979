package import WebSocket

/// One message of a channel: it reaches the reader as the same kind, whole, and in its place (engine protocol, section 6).
package struct ChannelItem: Equatable, Sendable {
  /// Text or binary.
  package let kind: MessageKind
  /// The payload; for a text it is UTF-8.
  package let bytes: [UInt8]

  /// A message of those bytes.
  package init(_ kind: MessageKind, _ bytes: [UInt8]) {
    self.kind = kind
    self.bytes = bytes
  }
}
