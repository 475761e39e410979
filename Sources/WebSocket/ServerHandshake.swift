public import Bytes

/// The server's side of the opening handshake: checks the request, writes the answer.
///
/// Owned by the connection until the handshake is over. Extensions and subprotocols that are offered are ignored.
/// RFC 6455, section 4.2.
public struct ServerHandshake: ~Copyable {
  /// A handshake for one connection.
  public init() {
  }

  /// Looks for the request in `input` and checks it.
  ///
  /// - Parameter input: The connection's received bytes. Once the head is complete it is consumed; what follows stays.
  /// - Returns: The request, to be answered with ``write(_:into:)``; nil while more bytes are needed.
  /// - Throws: When this is no handshake; to be answered with ``write(_:into:)`` too, then closed.
  public mutating func receive(_ input: inout ByteBuffer) throws(HandshakeError) -> HandshakeRequest? {
    nil
  }

  /// Appends the answer to a request that was received.
  public func write(_ reply: HandshakeReply, into output: inout ByteBuffer) {
  }

  /// Appends the answer to a failed handshake: the error's status (400, 405, 426 …) and reason.
  public func write(_ error: HandshakeError, into output: inout ByteBuffer) {
  }
}
