public import Bytes

/// The client's side of the opening handshake: writes the request, checks the response.
///
/// Owned by the connection until the handshake is over. RFC 6455, section 4.1.
public struct ClientHandshake: ~Copyable {
  /// A handshake for one connection.
  ///
  /// - Parameters:
  ///   - host: The server's name or address, for the Host header; an IPv6 address with or without brackets.
  ///   - port: The port for the Host header, nil when it is the scheme's default.
  ///   - target: Path and query; starts with a slash.
  ///   - headers: Further header lines.
  ///   - key: 16 random bytes.
  /// - Throws: When host, target or a header holds characters that would break the request.
  public init(
    host: String, port: Int?, target: String, headers: [(String, String)] = [], key: [UInt8]
  ) throws(HandshakeError) {
  }

  /// Appends the request.
  public func writeRequest(into output: inout ByteBuffer) {
  }

  /// Looks for the response in `input` and checks it.
  ///
  /// - Parameter input: The connection's received bytes. Once the head is complete it is consumed; frames that follow
  ///   it stay.
  /// - Returns: Whether the server accepted; false while more bytes are needed.
  /// - Throws: When the response is malformed or refuses.
  public mutating func receive(_ input: inout ByteBuffer) throws(HandshakeError) -> Bool {
    false
  }
}
