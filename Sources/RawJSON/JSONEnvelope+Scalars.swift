import Bytes

extension JSONEnvelope {
  /// Scans a string, number or literal that begins with `byte`.
  @inline(__always)
  mutating func scalar(_ text: Span<UInt8>, at start: Offset, _ byte: UInt8) throws(JSONScanError) -> Value {
    if byte == UInt8(ascii: "\"") {
      let end = Self.plain(text, from: start &+ 1)
      if Word.byte(text, at: end) == UInt8(ascii: "\"") { return Value(end: end &+ 1, kind: .string) }
      let string = try anyString(text, at: end)
      return Value(end: string.end, kind: .string, isEscaped: string.isEscaped)
    }
    if byte < UInt8(ascii: "a") { return try number(text, at: start, byte) }
    return try literal(text, at: start, byte)
  }

  @inline(__always)
  func literal(_ text: Span<UInt8>, at start: Offset, _ byte: UInt8) throws(JSONScanError) -> Value {
    let word = Word.loadPadded(text, at: start)
    if UInt32(truncatingIfNeeded: word) == 0x6575_7274 { return Value(end: start &+ 4, kind: .boolean) }
    if word & 0xff_ffff_ffff == 0x65_736c_6166 { return Value(end: start &+ 5, kind: .boolean) }
    if UInt32(truncatingIfNeeded: word) == 0x6c6c_756e { return Value(end: start &+ 4, kind: .null) }
    throw Self.notLiteral(text, at: start)
  }

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

  /// RFC 8259, section 6.
  @inline(__always)
  mutating func number(_ text: Span<UInt8>, at start: Offset, _ byte: UInt8) throws(JSONScanError) -> Value {
    // Few digits and no exponent, mostly.
    let first = byte == UInt8(ascii: "-") ? start &+ 1 : start
    let integer = Digits(Word.loadPadded(text, at: first))
    if integer.count &- 1 < 7, integer.isCanonical {
      var end = first &+ integer.count
      if integer.next != UInt8(ascii: ".") {
        if integer.next | 0x20 != UInt8(ascii: "e") { return Value(end: end, kind: .integer) }
      } else {
        end &+= 1
        let fraction = Digits(Word.loadPadded(text, at: end))
        if fraction.count &- 1 < 7, fraction.next | 0x20 != UInt8(ascii: "e") {
          return Value(end: end &+ fraction.count, kind: .fraction)
        }
      }
    }
    return try anyNumber(text, at: start)
  }

  /// The digits that a word begins with.
  struct Digits {
    var word: UInt64
    var count: UInt32
    var next: UInt8

    @inline(__always)
    init(_ word: UInt64) {
      let ones: UInt64 = 0x0101_0101_0101_0101
      let values = word ^ (ones &* 0x30)
      let stops = (values | (values &+ ones &* 0x76)) & (ones &* 0x80)
      self.word = word
      count = UInt32(truncatingIfNeeded: stops.trailingZeroBitCount &>> 3)
      next = UInt8(truncatingIfNeeded: word &>> UInt64(truncatingIfNeeded: stops.trailingZeroBitCount &- 7))
    }

    @inline(__always)
    var isCanonical: Bool { UInt8(truncatingIfNeeded: word) != 0x30 || count == 1 }
  }

  @inline(never)
  private mutating func anyNumber(_ text: Span<UInt8>, at start: Offset) throws(JSONScanError) -> Value {
    let first = Word.byte(text, at: start) == UInt8(ascii: "-") ? start &+ 1 : start
    var value = Value(end: first, kind: .integer)
    if Word.byte(text, at: first) == UInt8(ascii: "0") {
      value.end &+= 1
    } else {
      value.end = try Self.digits(text, from: first)
    }
    if Word.byte(text, at: value.end) == UInt8(ascii: ".") {
      value.kind = .fraction
      value.end = try Self.digits(text, from: value.end &+ 1)
    }
    var hasExponent = false
    if Word.byte(text, at: value.end) | 0x20 == UInt8(ascii: "e") {
      hasExponent = true
      value.kind = .fraction
      let sign = Word.byte(text, at: value.end &+ 1)
      let isSigned = sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")
      value.end = try Self.digits(text, from: value.end &+ (isSigned ? 2 : 1))
    }
    if hasExponent || value.end &- start > 308, JSONNumber.isBeyondDouble(text, Int(start)..<Int(value.end)) {
      report(.numberBeyondDouble, at: start)
    }
    return value
  }

  /// The index behind the digits from `start` on, of which there must be one.
  private static func digits(_ text: Span<UInt8>, from start: Offset) throws(JSONScanError) -> Offset {
    var index = start
    while true {
      let digits = Digits(Word.loadPadded(text, at: index))
      index &+= digits.count
      if digits.count < 8 { break }
    }
    guard index > start else { throw unexpected(text, at: index) }
    return index
  }
}
