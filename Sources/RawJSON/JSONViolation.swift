/// Something in a text that an engine would not take: it decodes every frame, and drops one with such a value without
/// a word, so that the caller would wait for its timeout (engine protocol, section 0). Found by the same pass as the
/// members, which goes on, so that the sender can be told under its request's id.
public struct JSONViolation: Equatable, Sendable, CustomStringConvertible {
  /// What an engine would not take.
  public enum Reason: String, Sendable {
    /// A number whose size is beyond the largest double.
    case numberBeyondDouble = "number beyond a double"
    /// A `\u` escape of half a surrogate pair.
    case loneSurrogate = "lone surrogate escape"
    /// A value of more than ``JSONEnvelope/deepestValue`` levels.
    case nestedTooDeep = "nesting beyond 126 levels"
    /// A character below U+0020 inside a string that is not escaped.
    case controlCharacter = "unescaped control character in a string"
  }

  /// The byte, counted from 0, of the scanned text.
  public var offset: Int

  /// What stands there.
  public var reason: Reason

  /// A violation at a byte.
  public init(offset: Int, reason: Reason) {
    self.offset = offset
    self.reason = reason
  }

  /// The reason and the byte.
  public var description: String { "\(reason.rawValue) at byte \(offset)" }
}
