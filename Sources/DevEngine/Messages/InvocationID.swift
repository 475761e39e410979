/// A UUID that names one invocation; compared as a value, because callers write it in either case.
package struct InvocationID: Hashable, Sendable {
  let high: UInt64
  let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The UUID that `text` spells: 32 hexadecimal digits, with or without hyphens at the usual places, with or without
  /// braces or the prefix `urn:uuid:`, as an engine takes them; nil for anything else.
  package init?(_ text: String) {
    var digits = text.utf8[...]
    if digits.starts(with: "urn:uuid:".utf8) {
      digits = digits.dropFirst(9)
    } else if digits.first == UInt8(ascii: "{"), digits.last == UInt8(ascii: "}") {
      digits = digits.dropFirst().dropLast()
    }
    let isHyphenated = digits.count == 36
    guard isHyphenated || digits.count == 32 else { return nil }
    var words = (high: UInt64(0), low: UInt64(0))
    for (offset, byte) in digits.enumerated() {
      if isHyphenated, offset == 8 || offset == 13 || offset == 18 || offset == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = Self.digit(byte) else { return nil }
      words.high = words.high << 4 | words.low >> 60
      words.low = words.low << 4 | UInt64(digit)
    }
    self.init(high: words.high, low: words.low)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// A version 4 UUID from 128 random bits (RFC 9562, section 5.4).
  package init(randomBits first: UInt64, _ second: UInt64) {
    self.init(
      high: first & 0xffff_ffff_ffff_0fff | 0x4000, low: second & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000)
  }
}

extension InvocationID: CustomStringConvertible {
  /// Lower-case, hyphenated.
  package var description: String {
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for position in 0..<32 {
      if position == 8 || position == 12 || position == 16 || position == 20 { text.append(UInt8(ascii: "-")) }
      let word = position < 16 ? high : low
      let digit = UInt8(truncatingIfNeeded: word >> UInt64((15 - position % 16) * 4)) & 0xf
      text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
    }
    return String(decoding: text, as: UTF8.self)
  }
}
