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
      guard offset < bytes.count else { return true }
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
