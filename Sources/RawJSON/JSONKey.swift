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

  /// The key of an element of an array, which has no name.
  static var none: JSONKey { JSONKey(count: 0, word: 0) }

  /// The key for a name of at most 24 bytes.
  public init(stringLiteral name: String) {
    precondition(name.utf8.count <= Self.longest, "a key has at most 24 bytes")
    self.init(name.utf8.span)
  }

  /// The key of the bytes of a name; names of more than 24 bytes are told apart by their first 24 and their length,
  /// which no key equals.
  public init(_ name: Span<UInt8>) {
    self.init(name, 0..<UInt32(truncatingIfNeeded: name.count))
  }

  /// The key of a name of less than eight bytes, which `word` holds.
  @inline(__always)
  init(count: UInt32, word: UInt64) {
    self.count = count
    first = word
    second = 0
    third = 0
  }

  /// The key of the bytes of `name`, a range of `text`.
  init(_ text: Span<UInt8>, _ name: Range<UInt32>) {
    count = name.upperBound &- name.lowerBound
    first = Self.word(text, at: name.lowerBound, count)
    second = count > 8 ? Self.word(text, at: name.lowerBound &+ 8, count &- 8) : 0
    third = count > 16 ? Self.word(text, at: name.lowerBound &+ 16, count &- 16) : 0
  }

  /// The first `count` bytes from `offset` on, at most eight.
  @inline(__always)
  private static func word(_ text: Span<UInt8>, at offset: UInt32, _ count: UInt32) -> UInt64 {
    let word = Word.loadPadded(text, at: offset)
    return count < 8 ? word & ((1 &<< UInt64(8 &* count)) &- 1) : word
  }
}
