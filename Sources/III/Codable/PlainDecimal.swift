/// Decimal numbers of at most 15 digits with at most 22 behind the point, as nearly all are: one exact integer and one
/// exact power of ten, so that a single division is rounded correctly.
///
/// Everything else goes the general way.
enum PlainDecimal {
  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  /// The value of a well formed number; nil when it is no plain one.
  static func value(of text: Span<UInt8>) -> Double? {
    guard text.count <= 24 else { return nil }
    var index = text[0] == UInt8(ascii: "-") ? 1 : 0
    var significand = 0
    var digits = 0
    var point = text.count
    while index < text.count {
      let byte = text[index]
      index += 1
      if byte == UInt8(ascii: ".") {
        point = index
        continue
      }
      guard byte <= UInt8(ascii: "9") else { return nil }
      significand = significand &* 10 &+ Int(byte &- UInt8(ascii: "0"))
      digits += significand == 0 ? 0 : 1
      guard digits <= 15 else { return nil }
    }
    let value = Double(significand) / powers[text.count - point]
    return text[0] == UInt8(ascii: "-") ? -value : value
  }
}
