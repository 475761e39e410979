import Bytes

/// What stands between values, and what is reported.
extension JSONEnvelope {
  /// Where a byte of the text stands: in 32 bits, so that the compiler knows that it is not negative.
  typealias Offset = UInt32

  /// The byte of the next token, to which `index` is moved; 0 at the end of the text.
  @inline(__always)
  mutating func token(_ text: Span<UInt8>, _ index: inout Offset) -> UInt8 {
    let byte = Word.byte(text, at: index)
    // Mostly there is no white space.
    if byte > 0x20 { return byte }
    index = passSpace(text, from: index)
    return Word.byte(text, at: index)
  }

  @inline(never)
  mutating func passSpace(_ text: Span<UInt8>, from start: Offset) -> Offset {
    var index = start
    while index < text.count {
      switch text[Int(index)] {
      case 0x20, 0x09: break
      case 0x0a, 0x0d: hasNewlines = true
      default: return index
      }
      index &+= 1
    }
    return index
  }

  /// Where a name ends and its value begins.
  struct Name {
    /// The closing quote.
    var end: Offset
    var valueStart: Offset
    var isEscaped = false
  }

  /// Scans a name whose plain bytes have been passed up to `end`, mostly all of it, and its colon; `byte` becomes the
  /// first one of the value.
  @inline(__always)
  mutating func name(_ text: Span<UInt8>, plainTo end: Offset, _ byte: inout UInt8) throws(JSONScanError) -> Name {
    // A quote, a colon and the first byte of the value, mostly.
    let bytes = Word.loadPadded(text, at: end)
    byte = UInt8(truncatingIfNeeded: bytes &>> 16)
    if UInt16(truncatingIfNeeded: bytes) == 0x3a22, byte > 0x20 {
      return Name(end: end, valueStart: end &+ 2)
    }
    let name = try anyName(text, at: end)
    byte = Word.byte(text, at: name.valueStart)
    return name
  }

  /// Scans the rest of a name that goes on at `start` with something else than a quote, a colon and a value.
  @inline(never)
  private mutating func anyName(_ text: Span<UInt8>, at start: Offset) throws(JSONScanError) -> Name {
    let name = try anyString(text, at: start)
    var index = name.end
    guard token(text, &index) == UInt8(ascii: ":") else { throw Self.unexpected(text, at: index) }
    index &+= 1
    _ = token(text, &index)
    return Name(end: name.end &- 1, valueStart: index, isEscaped: name.isEscaped)
  }

  /// The error of a byte that cannot stand at `index`, or of a text that ends there.
  @inline(never)
  static func unexpected(_ text: Span<UInt8>, at index: Offset) -> JSONScanError {
    guard index < text.count else { return JSONScanError(offset: text.count, reason: .unexpectedEnd) }
    return JSONScanError(offset: Int(index), reason: .unexpectedByte(text[Int(index)]))
  }

  /// Notes a violation if it is the first one.
  @inline(never)
  mutating func report(_ reason: JSONViolation.Reason, at offset: Offset) {
    if violation == nil { violation = JSONViolation(offset: Int(offset), reason: reason) }
  }
}
