/// A server's decision about a ``HandshakeRequest``.
public enum HandshakeReply: Equatable, Sendable {
  /// Status 101: frames follow.
  case accept
  /// Another status and a short text body; the connection is closed after it.
  case reject(status: Int, body: String)
}
