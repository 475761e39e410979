/// Whether a number is beyond a double, as an engine's JSON library decides it.
///
/// That library does not round correctly near the largest double: it multiplies the first digits that fit 64 bits with a
/// power of ten, so that `1.7976931348623158e308`, which would round down, is refused (engine protocol, section 0; the
/// engine case "one step above the largest double"). The same arithmetic is done here, for the few numbers that come
/// near: those with an exponent or with more than 308 characters.
enum JSONNumber {
  /// Whether the well formed number in `range` of `text` is refused.
  static func isBeyondDouble(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    if text[index] == UInt8(ascii: "-") { index += 1 }
    var significand: UInt64 = 0
    var exponent = 0
    var isFull = false
    var isFraction = false
    scan: while index < range.upperBound {
      switch text[index] {
      case let byte where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"):
        let (product, overflow) = significand.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
        isFull = isFull || overflow || carry
        if isFull {
          exponent += isFraction ? 0 : 1
        } else {
          significand = sum
          exponent -= isFraction ? 1 : 0
        }
      case UInt8(ascii: "."): isFraction = true
      default: break scan
      }
      index += 1
    }
    if index < range.upperBound {
      let written = writtenExponent(text, (index + 1)..<range.upperBound)
      if written > Int(Int32.max) { return significand != 0 }
      exponent += written
    }
    return isInfinite(significand, exponent)
  }

  /// The number behind `e`; beyond 32 bits only its sign and size class are kept.
  private static func writtenExponent(_ text: Span<UInt8>, _ range: Range<Int>) -> Int {
    var index = range.lowerBound
    let negative = text[index] == UInt8(ascii: "-")
    if negative || text[index] == UInt8(ascii: "+") { index += 1 }
    var value = 0
    while index < range.upperBound, value <= Int(Int32.max) {
      value = value * 10 + Int(text[index] - UInt8(ascii: "0"))
      index += 1
    }
    return negative ? -min(value, Int(Int32.max)) : value
  }

  private static func isInfinite(_ significand: UInt64, _ exponent: Int) -> Bool {
    guard exponent >= 0, significand != 0 else { return false }
    guard exponent <= 308 else { return true }
    return (Double(significand) * (Double("1e\(exponent)") ?? .infinity)).isInfinite
  }
}
