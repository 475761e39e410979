/// Why an opening handshake failed.
///
/// RFC 6455, sections 4.1 and 4.2.
public struct HandshakeError: Error, Equatable, Sendable {
  /// What kind of failure it was.
  public enum Kind: Equatable, Sendable {
    /// Our own request cannot be written: a header or target with forbidden characters.
    case invalidRequest
    /// The peer's bytes are not an HTTP/1.1 head.
    case malformed
    /// The peer's head is larger than 16 KiB.
    case tooLarge
    /// Client: the server answered with another status than 101.
    case refused
    /// The head is HTTP, but no WebSocket handshake as RFC 6455 asks for.
    case notWebSocket
    /// Server: the client asks for another version than 13.
    case unsupportedVersion
  }

  /// What kind of failure it was.
  public let kind: Kind
  /// Client: the status that the server answered with, if it did. Server: the status to answer with.
  public let status: Int?
  /// What was wrong, in words; for a refusal the server's own, cut to a short excerpt.
  public let reason: String

  /// An error of `kind`.
  public init(kind: Kind, status: Int?, reason: String) {
    self.kind = kind
    self.status = status
    self.reason = reason
  }
}

extension HandshakeError: CustomStringConvertible {
  /// The reason, with the status if there is one.
  public var description: String {
    guard let status else { return reason }
    return kind == .refused ? "HTTP status \(status): \(reason)" : reason
  }
}
