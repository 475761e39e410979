package import WebSocket

/// Why a ``WebSocketConnection`` is over.
package enum WebSocketCloseReason: Equatable, Sendable {
  /// The name could not be looked up; why, in words.
  case resolution(String)
  /// No address of the server took the connection; the last one's error.
  case connect(Errno)
  /// TLS failed, before or after the handshake; why, in words.
  case tls(String)
  /// The opening handshake failed; for a refusal with the HTTP status.
  case handshakeFailed(HandshakeError)
  /// The peer sent a close frame, with or without a code, before we did.
  case closedByPeer(CloseCode?, String)
  /// The connection ended without a close frame: end of file, or an error (what close code 1006 stands for).
  case lost(Errno?)
  /// The peer broke the protocol or went beyond the limits; it was told so.
  case protocolViolation(WebSocketError)
  /// Something took longer than its limit.
  case timedOut(WebSocketTimeout)
  /// We called `close`, and the peer answered.
  case closedByUs
}

/// What a ``WebSocketConnection`` waits for, with a limit.
package enum WebSocketTimeout: Equatable, Sendable {
  /// Look-up, connecting and TLS, together.
  case connecting
  /// The opening handshake.
  case handshake
  /// The peer's answer to our close frame.
  case closing
}

extension WebSocketCloseReason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .resolution(let text): "name look-up failed: \(text)"
    case .connect(let error): "cannot connect: \(error)"
    case .tls(let text): "TLS failed: \(text)"
    case .handshakeFailed(let error): "handshake failed: \(error)"
    case .closedByPeer(let code?, ""): "closed by the peer with code \(code)"
    case .closedByPeer(let code?, let reason): "closed by the peer with code \(code): \(reason)"
    case .closedByPeer(nil, _): "closed by the peer without a code"
    case .lost(let error?): "connection lost: \(error)"
    case .lost(nil): "connection lost: closed without a close frame"
    case .protocolViolation(let error): "the peer broke the protocol: \(error)"
    case .timedOut(.connecting): "connecting took too long"
    case .timedOut(.handshake): "the handshake took too long"
    case .timedOut(.closing): "the peer did not answer our close"
    case .closedByUs: "closed by us"
    }
  }
}
