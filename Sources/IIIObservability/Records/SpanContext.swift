/// Which span of which trace something belongs to: what a W3C `traceparent` says (Trace Context, section 3.2).
public struct SpanContext: Sendable, Hashable {
  /// The trace's id in two halves; not both 0.
  package let traceHigh: UInt64
  package let traceLow: UInt64
  /// The span's id; not 0.
  package let span: UInt64
  /// The flags; bit 0: sampled. Others may be set too (engine protocol, section 3.8).
  package let flags: UInt8

  package init(traceHigh: UInt64, traceLow: UInt64, span: UInt64, flags: UInt8) {
    self.traceHigh = traceHigh
    self.traceLow = traceLow
    self.span = span
    self.flags = flags
  }

  /// The context that `traceparent` says; nil for none, and for a text of another form.
  public init?(traceparent: String?) {
    guard let traceparent else { return nil }
    let bytes = Array(traceparent.utf8)
    guard bytes.count >= 55, bytes[2] == 0x2d, bytes[35] == 0x2d, bytes[52] == 0x2d,
      let version = Self.number(bytes[0..<2]), version != 0xff,
      let high = Self.number(bytes[3..<19]), let low = Self.number(bytes[19..<35]),
      let span = Self.number(bytes[36..<52]), let flags = Self.number(bytes[53..<55])
    else { return nil }
    // A later version may append more, behind a hyphen.
    if bytes.count > 55, version == 0 || bytes[55] != 0x2d { return nil }
    guard high | low != 0, span != 0 else { return nil }
    self.init(traceHigh: high, traceLow: low, span: span, flags: UInt8(flags))
  }

  /// 32 lower-case hexadecimal digits.
  public var traceID: String { Self.digits(traceHigh) + Self.digits(traceLow) }

  /// 16 lower-case hexadecimal digits.
  public var spanID: String { Self.digits(span) }

  /// Whether the one who began the trace keeps it.
  public var isSampled: Bool { flags & 1 != 0 }

  /// The header's text.
  public var traceparent: String { "00-\(traceID)-\(spanID)-\(Self.digits(UInt64(flags), 2))" }

  private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
    var number: UInt64 = 0
    for digit in digits {
      switch digit {
      case 0x30...0x39: number = number << 4 | UInt64(digit - 0x30)
      case 0x61...0x66: number = number << 4 | UInt64(digit - 0x57)
      case 0x41...0x46: number = number << 4 | UInt64(digit - 0x37)
      default: return nil
      }
    }
    return number
  }

  static func digits(_ number: UInt64, _ count: Int = 16) -> String {
    var bytes = [UInt8](repeating: 0, count: count)
    for index in bytes.indices {
      let nibble = UInt8(truncatingIfNeeded: number >> UInt64(4 * (count - 1 - index))) & 0xf
      bytes[index] = nibble < 10 ? 0x30 + nibble : 0x57 + nibble
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
