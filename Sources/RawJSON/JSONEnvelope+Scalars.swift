import Bytes

/// Numbers and literals.
extension JSONEnvelope {
  /// What is known of a value once it has ended.
  struct Value {
    /// The index behind the value.
    var end: Offset
    /// How many levels of objects and arrays the value has.
    var levels: UInt16 = 0
    var kind: JSONKind
    var isEscaped = false
  }

  /// Scans a number or literal that begins with `byte`, where it is not worth to have the steps in place.
  @inline(never)
  mutating func scalar(_ text: Span<UInt8>, at start: Offset, _ byte: UInt8) throws(JSONScanError) -> Value {
    byte < UInt8(ascii: "a") ? try number(text, at: start, byte) : try literal(text, at: start)
  }

  /// Scans `true`, `false` or `null`.
  @inline(__always)
  func literal(_ text: Span<UInt8>, at start: Offset) throws(JSONScanError) -> Value {
    let word = Word.loadPadded(text, at: start)
    switch UInt32(truncatingIfNeeded: word) {
    case 0x6575_7274: return Value(end: start &+ 4, kind: .boolean)  // "true", its first letter lowest
    case 0x6c6c_756e: return Value(end: start &+ 4, kind: .null)  // "null"
    case 0x736c_6166 where word &>> 32 & 0xff == 0x65: return Value(end: start &+ 5, kind: .boolean)  // "fals", "e"
    default: throw Self.notLiteral(text, at: start)
    }
  }

  /// Finds the byte at which the text at `start` stops being a literal.

  @inline(never)
  private static func notLiteral(_ text: Span<UInt8>, at start: Offset) -> JSONScanError {
    var index = start
    let expected =
      switch Word.byte(text, at: start) {
      case UInt8(ascii: "t"): "true"
      case UInt8(ascii: "f"): "false"
      case UInt8(ascii: "n"): "null"
      default: ""
      }
    for byte in expected.utf8 {
      guard Word.byte(text, at: index) == byte else { break }
      index &+= 1
    }
    return unexpected(text, at: index)
  }

  /// Scans a number that begins with `byte`, a minus sign or a digit if it is one (RFC 8259, section 6).
  @inline(__always)
  mutating func number(_ text: Span<UInt8>, at start: Offset, _ byte: UInt8) throws(JSONScanError) -> Value {
    let first = byte == UInt8(ascii: "-") ? start &+ 1 : start
    var value = Value(end: Self.digits(text, from: first), kind: .integer)
    if value.end == first { throw Self.unexpected(text, at: first) }
    if value.end &- first > 1, Word.byte(text, at: first) == UInt8(ascii: "0") {
      throw Self.unexpected(text, at: first &+ 1)
    }
    var next = Word.byte(text, at: value.end)
    if next == UInt8(ascii: ".") {
      value.kind = .fraction
      let fraction = value.end &+ 1
      value.end = Self.digits(text, from: fraction)
      if value.end == fraction { throw Self.unexpected(text, at: fraction) }
      next = Word.byte(text, at: value.end)
    }
    if next | 0x20 == UInt8(ascii: "e") {
      value.kind = .fraction
      value.end = try exponent(text, at: value.end, of: start)
    } else if value.end &- start > 308 {
      checkSize(text, start, value.end)
    }
    return value
  }

  /// Scans the exponent, whose letter stands at `start`, of the number that begins at `number`.
  @inline(never)
  private mutating func exponent(
    _ text: Span<UInt8>, at start: Offset, of number: Offset
  ) throws(JSONScanError) -> Offset {
    let sign = Word.byte(text, at: start &+ 1)
    let first = start &+ (sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") ? 2 : 1)
    let end = Self.digits(text, from: first)
    if end == first { throw Self.unexpected(text, at: first) }
    checkSize(text, number, end)
    return end
  }

  @inline(never)
  private mutating func checkSize(_ text: Span<UInt8>, _ start: Offset, _ end: Offset) {
    if JSONNumber.isBeyondDouble(text, Int(start)..<Int(end)) { report(.numberBeyondDouble, at: start) }
  }

  /// The index of the first byte from `start` on that is no digit.
  @inline(__always)
  private static func digits(_ text: Span<UInt8>, from start: Offset) -> Offset {
    let stops = stops(inDigits: Word.loadPadded(text, at: start))
    return stops != 0 ? start &+ count(below: stops) : longDigits(text, from: start &+ 8)
  }

  @inline(never)
  private static func longDigits(_ text: Span<UInt8>, from start: Offset) -> Offset {
    var index = start
    while let word = Word.loadIfWhole(text, at: index) {
      let stops = stops(inDigits: word)
      if stops != 0 { return index &+ count(below: stops) }
      index &+= 8
    }
    return digitsTail(text, from: index)
  }

  @inline(never)
  private static func digitsTail(_ text: Span<UInt8>, from start: Offset) -> Offset {
    start &+ count(below: stops(inDigits: Word.loadPadded(text, at: start)))
  }

  /// Marks the bytes of `word` that are no digits by their top bits; as with ``stops(in:)``, the lowest mark is right.
  @inline(__always)
  private static func stops(inDigits word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let values = word ^ (ones &* 0x30)
    return (values | (values &+ ones &* 0x76)) & (ones &* 0x80)
  }
}
