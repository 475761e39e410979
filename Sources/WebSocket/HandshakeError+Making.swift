internal import Bytes

extension HandshakeError {
  static func invalidRequest(_ reason: String) -> HandshakeError {
    HandshakeError(kind: .invalidRequest, status: nil, reason: reason)
  }

  static func notWebSocket(_ reason: String, status: Int) -> HandshakeError {
    HandshakeError(kind: .notWebSocket, status: status, reason: reason)
  }

  /// Reads a head, with its errors as a handshake's.
  ///
  /// - Parameters:
  ///   - reader: The handshake's reader.
  ///   - input: The connection's received bytes.
  ///   - status: The status of a malformed head: nil for a client, which does not answer.
  /// - Returns: The head; nil while it is not complete.
  /// - Throws: When it is malformed or too large.
  static func readHead(
    _ reader: inout HTTPHeadReader, _ input: inout ByteBuffer, answeredWith status: Int?
  ) throws(HandshakeError) -> HTTPHead? {
    do throws(HTTPHeadError) {
      return try reader.read(&input)
    } catch {
      switch error {
      case .malformed(let reason, let offset):
        throw HandshakeError(
          kind: .malformed, status: status, reason: "malformed HTTP head: \(reason) at byte \(offset)")
      case .tooLarge:
        throw HandshakeError(
          kind: .tooLarge, status: status.map { _ in 431 },
          reason: "HTTP head above \(HTTPHead.maximumSize) bytes")
      }
    }
  }
}
