/// What a ``FrameDecoder`` found; the payload is handed over beside it.
public enum FrameEvent: Sendable, Equatable {
  /// A complete message, whether it came in one frame or in fragments.
  case message(MessageKind)
  /// A ping: to be answered with a pong of the same payload.
  case ping
  /// A pong, asked for or not.
  case pong
  /// The peer's close frame, with its code if it had one; the payload is the reason, valid UTF-8. The last event.
  case close(CloseCode?)
}
