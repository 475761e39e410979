import Bytes

/// A member name to look for, of at most 24 bytes, kept as three words so that a comparison is three instructions.
///
/// Make keys once (`static let`), not per message.
public struct JSONKey: Equatable, Sendable, ExpressibleByStringLiteral {
  /// The longest name that can be looked for, in bytes.
  @usableFromInline static let longest = 24

  @usableFromInline let count: UInt32
  @usableFromInline let first: UInt64
  @usableFromInline let second: UInt64
  @usableFromInline let third: UInt64

  /// The key for a name of at most 24 bytes.
  public init(stringLiteral name: String) {
    precondition(name.utf8.count <= Self.longest, "a key has at most 24 bytes")
    self.init(name.utf8.span)
  }

  /// The key of the bytes of a name; names of more than 24 bytes are told apart by their first 24 and their length,
  /// which no key equals.
  public init(_ name: Span<UInt8>) {
    count = UInt32(truncatingIfNeeded: name.count)
    first = Self.word(name, at: 0)
    second = name.count > 8 ? Self.word(name, at: 8) : 0
    third = name.count > 16 ? Self.word(name, at: 16) : 0
  }

  private static func word(_ name: Span<UInt8>, at offset: Int) -> UInt64 {
    if offset &+ 8 <= name.count { return Word.load(name, at: offset) }
    var word: UInt64 = 0
    var index = name.count
    while index > offset {
      index &-= 1
      word = word &<< 8 | UInt64(name[index])
    }
    return word
  }
}
