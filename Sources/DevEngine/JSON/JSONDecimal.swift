/// Reads and writes numbers as a real engine's JSON library does (engine protocol, section 0).
enum JSONDecimal {
  // MARK: - Reading

  /// The value of a well formed JSON number that is not beyond a double.
  ///
  /// Whole numbers are exact from -2^63 to 2^64-1, except `-0`, which is a double. All others are the first digits that
  /// fit 64 bits, times or divided by a power of ten: not always the nearest double, but the one that an engine sends.
  static func value(of text: Span<UInt8>) -> JSONValue {
    let negative = text[0] == UInt8(ascii: "-")
    var index = negative ? 1 : 0
    var significand: UInt64 = 0
    var exponent = 0
    var isFull = false
    var isWhole = true
    digits: while index < text.count {
      switch text[index] {
      case UInt8(ascii: "."): isWhole = false
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        isWhole = false
        exponent += written(text.extracting((index + 1)..<text.count))
        break digits
      case let digit:
        let (product, overflow) = significand.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(UInt64(digit &- UInt8(ascii: "0")))
        isFull = isFull || overflow || carry
        if isFull { exponent += isWhole ? 1 : 0 } else { significand = sum }
        if !isFull, !isWhole { exponent -= 1 }
      }
      index += 1
    }
    if isWhole, !isFull {
      if !negative { return significand <= Int64.max ? .integer(Int64(significand)) : .unsigned(significand) }
      if significand > 0, significand <= Int64.min.magnitude {
        return .integer(Int64(truncatingIfNeeded: 0 &- significand))
      }
    }
    let magnitude = scaled(significand, exponent)
    return .double(negative ? -magnitude : magnitude)
  }

  /// The number behind `e`, cut off where it makes no difference any more.
  private static func written(_ text: Span<UInt8>) -> Int {
    let limit = 1 << 40
    var value = 0
    for index in text.indices where text[index] >= UInt8(ascii: "0") && value < limit {
      value = value * 10 + Int(text[index] - UInt8(ascii: "0"))
    }
    return text[0] == UInt8(ascii: "-") ? -value : value
  }

  private static func scaled(_ significand: UInt64, _ exponent: Int) -> Double {
    var result = Double(significand)
    var exponent = exponent
    if result == 0 || exponent > 308 { return result }
    while exponent < -308 {
      result /= 1e308
      exponent += 308
      if result == 0 { return result }
    }
    let power = Double("1e\(exponent.magnitude)") ?? 1
    return exponent < 0 ? result / power : result * power
  }

  // MARK: - Writing

  /// The shortest digits that read back as `number`: with a point up to 16 digits before and 5 zeros behind it, with an
  /// exponent (`1.5e+29`, `1e-7`) beyond.
  static func text(of number: Double) -> String {
    let (negative, digits, point) = shortest(number)
    let sign = negative ? "-" : ""
    let layout: String =
      if point > 16 || point < -4 {
        digits.prefix(1) + (digits.count > 1 ? "." + digits.dropFirst() : "")
          + (point > 0 ? "e+" : "e-") + String((point - 1).magnitude)
      } else if point <= 0 {
        "0." + String(repeating: "0", count: -point) + digits
      } else if digits.count <= point {
        digits + String(repeating: "0", count: point - digits.count) + ".0"
      } else {
        digits.prefix(point) + "." + digits.dropFirst(point)
      }
    return sign + layout
  }

  /// Sign, significant digits, and how many of them stand before the point, of a finite number; taken from Swift's own
  /// description, which has the shortest digits but another layout.
  private static func shortest(_ number: Double) -> (negative: Bool, digits: String, point: Int) {
    if number == 0 { return (number.sign == .minus, "0", 1) }
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    let text = number.magnitude.description.utf8
    var index = text.startIndex
    while index < text.endIndex {
      let byte = text[index]
      index = text.index(after: index)
      switch byte {
      case UInt8(ascii: "."): point = digits.count
      case UInt8(ascii: "e"):
        exponent = Int(String(text[index...].drop { $0 == UInt8(ascii: "+") }) ?? "") ?? 0
        index = text.endIndex
      default: digits.append(byte)
      }
    }
    var place = (point ?? digits.count) + exponent
    let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
    digits.removeFirst(zeros)
    place -= zeros
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    return (number.sign == .minus, String(decoding: digits, as: UTF8.self), place)
  }
}
