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
    let start = name.lowerBound
    // Behind most names 24 bytes of text still stand.
    if let first = Word.loadIfWhole(text, at: start), let second = Word.loadIfWhole(text, at: start &+ 8),
      let third = Word.loadIfWhole(text, at: start &+ 16)
    {
      self.init(name.upperBound &- start, first, second, third)
    } else {
      self.init(tailOf: text, name)
    }
  }

  @inline(never)
  private init(tailOf text: Span<UInt8>, _ name: Range<UInt32>) {
    let start = name.lowerBound
    self.init(
      name.upperBound &- start, Word.loadPadded(text, at: start), Word.loadPadded(text, at: start &+ 8),
      Word.loadPadded(text, at: start &+ 16))
  }

  /// The key of a name of `count` bytes, which the words begin with.
  @inline(__always)
  private init(_ count: UInt32, _ first: UInt64, _ second: UInt64, _ third: UInt64) {
    func mask(_ count: Int) -> UInt64 { UInt64(1) << UInt64(8 &* max(count, 0)) &- 1 }
    self.count = count
    self.first = first & mask(Int(count))
    self.second = second & mask(Int(count) &- 8)
    self.third = third & mask(Int(count) &- 16)
  }
}
