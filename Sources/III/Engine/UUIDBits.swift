package import Bytes

/// The 128 bits of a UUID (RFC 9562). Ids are compared as bits, because an engine prints them lower-case whatever came
/// in (engine protocol, section 10, lesson 24).
package struct UUIDBits: Hashable, Sendable {
  /// The first 16 hexadecimal digits.
  package var high: UInt64
  /// The last 16 hexadecimal digits.
  package var low: UInt64

  /// How many bytes the text form has.
  package static let textLength = 36

  /// An id of these bits.
  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The id whose text form, in either case, is exactly `text`; nil when it is none.
  package init?(_ text: Span<UInt8>) {
    guard text.count == Self.textLength else { return nil }
    var words = (high: UInt64(0), low: UInt64(0))
    for index in 0..<Self.textLength {
      let byte = text[index]
      if Self.isHyphen(index) {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte &- UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte &- UInt8(ascii: "a") &+ 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte &- UInt8(ascii: "A") &+ 10
      default: return nil
      }
      words.high = words.high &<< 4 | words.low &>> 60
      words.low = words.low &<< 4 | UInt64(digit)
    }
    self.init(high: words.high, low: words.low)
  }

  @inline(__always)
  fileprivate static func isHyphen(_ index: Int) -> Bool { index == 8 || index == 13 || index == 18 || index == 23 }
}

extension UUIDBits: CustomStringConvertible {
  /// The lower-case form with hyphens.
  package var description: String {
    var buffer = ByteBuffer(capacity: Self.textLength)
    buffer.append(self)
    return String(utf8: buffer.span) ?? ""
  }
}

extension ByteBuffer {
  /// Appends the text form of `id`: lower-case, with hyphens, without quotes.
  package mutating func append(_ id: UUIDBits) {
    var word = id.high
    var digits = 0
    append(capacity: UUIDBits.textLength) { output in
      for index in 0..<UUIDBits.textLength {
        if UUIDBits.isHyphen(index) {
          output.append(UInt8(ascii: "-"))
          continue
        }
        if digits == 16 { word = id.low }
        digits &+= 1
        let digit = UInt8(truncatingIfNeeded: word &>> 60)
        word = word &<< 4
        output.append(digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "a") &- 10 &+ digit)
      }
    }
  }
}
