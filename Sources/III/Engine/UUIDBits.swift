package import Bytes

/// The 128 bits of a UUID (RFC 9562). Ids are compared as bits, because an engine prints them lower-case whatever came
/// in (engine protocol, section 10, lesson 24).
package struct UUIDBits: Hashable, Sendable {
  /// The first 16 hexadecimal digits.
  package var high: UInt64
  /// The last 16 hexadecimal digits.
  package var low: UInt64

  /// How many bytes the text form has.
  package static let textLength = 36

  /// An id of these bits.
  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A random id, of 128 random bits (RFC 9562, section 5.4).
  init(version4 random: (UInt64, UInt64)) {
    self.init(
      high: random.0 & ~0xf000 | 0x4000, low: random.1 & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000)
  }

  /// The id whose text form, in either case, is exactly `text`; nil when it is none.
  package init?(_ text: Span<UInt8>) {
    guard text.count == Self.textLength else { return nil }
    let hyphen = UInt8(ascii: "-")
    guard text[8] == hyphen, text[13] == hyphen, text[18] == hyphen, text[23] == hyphen else { return nil }
    // The middle groups have four digits each: two of them make a word.
    let half: UInt64 = 0xffff_ffff
    guard let first = Hexadecimal.value(of: Word.load(text, at: 0)),
      let second = Hexadecimal.value(of: Word.load(text, at: 9) & half | Word.load(text, at: 14) &<< 32),
      let third = Hexadecimal.value(of: Word.load(text, at: 19) & half | Word.load(text, at: 24) &<< 32),
      let fourth = Hexadecimal.value(of: Word.load(text, at: 28))
    else { return nil }
    self.init(high: UInt64(first) &<< 32 | UInt64(second), low: UInt64(third) &<< 32 | UInt64(fourth))
  }
}

extension UUIDBits: CustomStringConvertible {
  /// The lower-case form with hyphens.
  package var description: String {
    var buffer = ByteBuffer(capacity: Self.textLength)
    buffer.append(self)
    return String(utf8: buffer.span) ?? ""
  }
}

extension ByteBuffer {
  /// Appends the text form of `id`: lower-case, with hyphens, without quotes.
  package mutating func append(_ id: UUIDBits) { append(uuid: id.high, id.low) }
}
