/// What a message's payload is.
///
/// RFC 6455, section 5.6.
public enum MessageKind: Sendable, Equatable {
  /// UTF-8 text; a decoder has checked it.
  case text
  /// Any bytes.
  case binary

  /// The opcode of the message's first frame.
  @usableFromInline var opcode: Opcode { self == .text ? .text : .binary }
}
