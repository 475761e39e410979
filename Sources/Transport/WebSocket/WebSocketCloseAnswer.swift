/// A close frame that arrives after ours was sent.
package enum WebSocketCloseAnswer: Equatable, Sendable {
  /// The answer to ours, with the same code (RFC 6455, section 5.5.1): the peer has read everything before it.
  case echo
  /// One that the peer sent by itself, before it had read ours: what we sent before it may not have been read.
  case crossing
}
