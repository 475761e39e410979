import Bytes

/// The key of an opening handshake and what a server makes of it to show that it understood.
///
/// RFC 6455, sections 4.1 and 4.2.2.
enum HandshakeKey {
  /// How many random bytes a key stands for.
  static var size: Int { 16 }

  /// The value of `Sec-WebSocket-Accept` that answers `key`, the text of `Sec-WebSocket-Key`.
  static func accept(_ key: String) -> String {
    Base64.encode(SHA1.hash(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
  }

  /// Whether `key` is the base64 form of 16 bytes.
  static func isValid(_ key: String) -> Bool { Base64.decode(key)?.count == size }
}
