internal import Bytes

/// Checks UTF-8 that arrives in pieces, which may end anywhere, and fails at the first byte that no valid text can have.
///
/// Owned by a decoder. Refuses overlong forms, surrogates and what is above U+10FFFF. RFC 3629.
struct UTF8Validator {
  /// Continuation bytes that the started character still needs.
  private var missing = 0
  /// What the next continuation byte may be: narrower than 0x80...0xBF after some first bytes.
  private var allowed: ClosedRange<UInt8> = 0x80...0xBF

  /// Whether the text so far ends between two characters.
  var isComplete: Bool { missing == 0 }

  /// Takes the next piece.
  ///
  /// - Returns: Whether the text so far can be the start of a valid one.
  mutating func consume(_ bytes: Span<UInt8>) -> Bool {
    var offset = 0
    while offset < bytes.count {
      if missing > 0 {
        guard allowed.contains(bytes[offset]) else { return false }
        allowed = 0x80...0xBF
        missing &-= 1
        offset &+= 1
        continue
      }
      offset = Self.endOfASCII(bytes, from: offset)
      while offset &+ 8 <= bytes.count {
        let length = Self.characterLength(Word.load(bytes, at: offset))
        guard length > 0 else { break }
        offset &+= length
      }
      guard offset < bytes.count else { return true }
      if bytes[offset] < 0x80 { continue }
      guard begin(bytes[offset]) else { return false }
      offset &+= 1
    }
    return true
  }

  /// Takes the first byte of a character beyond ASCII.
  private mutating func begin(_ byte: UInt8) -> Bool {
    switch byte {
    case 0xC2...0xDF: missing = 1
    case 0xE0: (missing, allowed) = (2, 0xA0...0xBF)
    case 0xED: (missing, allowed) = (2, 0x80...0x9F)
    case 0xE1...0xEF: missing = 2
    case 0xF0: (missing, allowed) = (3, 0x90...0xBF)
    case 0xF1...0xF3: missing = 3
    case 0xF4: (missing, allowed) = (3, 0x80...0x8F)
    default: return false
    }
    return true
  }

  /// How many bytes the character beyond ASCII at the start of `word` takes, all at once; 0 for anything else, which is
  /// then looked at byte by byte.
  private static func characterLength(_ word: UInt64) -> Int {
    // From the least significant byte on: the first byte's length mark, then 0b10 at the top of each further byte.
    if word & 0xC0_C0F0 == 0x80_80E0 {
      let first = word & 0xFF
      let isUpperHalf = word & 0x2000 != 0
      // After E0 the lower half would be an overlong form, after ED the upper half surrogates.
      return (first == 0xE0 && !isUpperHalf) || (first == 0xED && isUpperHalf) ? 0 : 3
    }
    if word & 0xC0E0 == 0x80C0 { return word & 0x1E == 0 ? 0 : 2 }
    if word & 0xC0C0_C0F8 == 0x8080_80F0 {
      let first = word & 0xFF
      let isAboveTheFirstSixteenth = word & 0x3000 != 0
      // After F0 the first sixteenth would be an overlong form, after F4 all but that is beyond Unicode.
      return first > 0xF4 || (first == 0xF0 && !isAboveTheFirstSixteenth)
        || (first == 0xF4 && isAboveTheFirstSixteenth) ? 0 : 4
    }
    return 0
  }

  /// The offset of the first byte beyond ASCII at or after `start`; the count when there is none.
  private static func endOfASCII(_ bytes: Span<UInt8>, from start: Int) -> Int {
    let highBits: UInt64 = 0x8080_8080_8080_8080
    var offset = start
    while offset &+ 32 <= bytes.count {
      let words =
        Word.load(bytes, at: offset) | Word.load(bytes, at: offset &+ 8)
        | Word.load(bytes, at: offset &+ 16) | Word.load(bytes, at: offset &+ 24)
      guard words & highBits == 0 else { break }
      offset &+= 32
    }
    while offset &+ 8 <= bytes.count {
      let high = Word.load(bytes, at: offset) & highBits
      guard high == 0 else { return offset &+ high.trailingZeroBitCount &>> 3 }
      offset &+= 8
    }
    while offset < bytes.count, bytes[offset] < 0x80 { offset &+= 1 }
    return offset
  }
}
