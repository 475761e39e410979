import Bytes

/// Strings, eight bytes at a time.
extension JSONEnvelope {
  /// Marks the bytes of `word` at which plain text stops, a quote, a backslash, a control character or what is not
  /// ASCII, by their top bits. The lowest mark is right; above it there can be marks too many.
  @inline(__always)
  static func stops(in word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    // The flip of a bit makes a quote 0x20 and 0x20 a quote, so that one subtraction borrows for quotes and controls.
    let controls = (word ^ (ones &* 0x02)) &- ones &* 0x21
    let backslashes = (word ^ (ones &* 0x5c)) &- ones
    return (controls | backslashes | word) & (ones &* 0x80)
  }

  /// How many bytes stand below the lowest mark.
  @inline(__always)
  static func count(below stops: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: stops.trailingZeroBitCount &>> 3) }

  /// The index of the first byte from `start` on at which plain text stops.
  @inline(__always)
  static func plain(_ text: Span<UInt8>, from start: Offset) -> Offset {
    // Many strings end within the first word; the loop of longer ones has registers of its own.
    let stops = stops(in: Word.loadPadded(text, at: start))
    return stops != 0 ? start &+ count(below: stops) : longPlain(text, from: start &+ 8)
  }

  /// As ``plain(_:from:)``, for what is expected to be longer than a word.
  @inline(never)
  static func longPlain(_ text: Span<UInt8>, from start: Offset) -> Offset {
    var index = start
    while let word = Word.loadIfWhole(text, at: index) {
      let stops = stops(in: word)
      if stops != 0 { return index &+ count(below: stops) }
      index &+= 8
    }
    return plainTail(text, from: index)
  }

  /// A function of its own, so that the loop has no call to save registers for.
  @inline(never)
  private static func plainTail(_ text: Span<UInt8>, from start: Offset) -> Offset {
    // The zeros for what is behind the end of the text are control characters.
    start &+ count(below: stops(in: Word.loadPadded(text, at: start)))
  }

  /// Scans a string whose plain bytes have been passed up to `end`: mostly all of it.
  @inline(__always)
  mutating func string(_ text: Span<UInt8>, plainTo end: Offset) throws(JSONScanError) -> Value {
    if Word.byte(text, at: end) == UInt8(ascii: "\"") { return Value(end: end &+ 1, kind: .string) }
    let string = try anyString(text, at: end)
    return Value(end: string.end, kind: .string, isEscaped: string.isEscaped)
  }

  /// The index behind the closing quote of a string that goes on at `start` with something else than plain bytes, and
  /// whether it has escapes.
  @inline(never)
  mutating func anyString(
    _ text: Span<UInt8>, at start: Offset
  ) throws(JSONScanError) -> (end: Offset, isEscaped: Bool) {
    var index = start
    var isEscaped = false
    while index < text.count {
      switch text[Int(index)] {
      case UInt8(ascii: "\""): return (index &+ 1, isEscaped)
      case UInt8(ascii: "\\"):
        isEscaped = true
        index = try escape(text, at: index)
      case 0x00..<0x20:
        report(.controlCharacter, at: index)
        index &+= 1
      case let lead:
        let length = UTF8Sequence.length(text, at: Int(index), lead: lead)
        guard length > 0 else { throw JSONScanError(offset: Int(index), reason: .invalidUTF8) }
        index &+= UInt32(truncatingIfNeeded: length)
      }
      index = Self.plain(text, from: index)
    }
    throw JSONScanError(offset: Int(index), reason: .unexpectedEnd)
  }

  /// The index behind the escape at `start`, or behind the surrogate pair that begins there.
  private mutating func escape(_ text: Span<UInt8>, at start: Offset) throws(JSONScanError) -> Offset {
    guard start &+ 1 < text.count else { throw JSONScanError(offset: text.count, reason: .unexpectedEnd) }
    switch Word.byte(text, at: start &+ 1) {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return start &+ 2
    case UInt8(ascii: "u"): break
    default: throw JSONScanError(offset: Int(start), reason: .invalidEscape)
    }
    let unit = try Self.unit(text, escapeAt: start)
    let second = start &+ 6
    guard unit & 0xf800 == 0xd800 else { return second }
    // The other half must follow at once.
    guard unit & 0xfc00 == 0xd800, Word.byte(text, at: second) == UInt8(ascii: "\\"),
      Word.byte(text, at: second &+ 1) == UInt8(ascii: "u"), try Self.unit(text, escapeAt: second) & 0xfc00 == 0xdc00
    else {
      report(.loneSurrogate, at: start)
      return second
    }
    return second &+ 6
  }

  /// The four digits of the escape at `start`.
  private static func unit(_ text: Span<UInt8>, escapeAt start: Offset) throws(JSONScanError) -> UInt32 {
    let digits = Int(start) + 2
    for offset in digits..<(digits + 4) {
      guard offset < text.count else { throw JSONScanError(offset: text.count, reason: .unexpectedEnd) }
      guard JSONString.digit(text[offset]) != nil else {
        throw JSONScanError(offset: Int(start), reason: .invalidEscape)
      }
    }
    return JSONString.hexadecimal(text, at: digits)
  }
}
