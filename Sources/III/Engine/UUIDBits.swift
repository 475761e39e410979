package import Bytes

/// The 128 bits of a UUID (RFC 9562). Ids are compared as bits, because an engine prints them lower-case whatever came
/// in (engine protocol, section 10, lesson 24).
///
/// Every call reads one and writes one, so both work on eight digits at a time.
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
  ///
  ///     offset  0        9    14   19   24           36
  ///             xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx
  package init?(_ text: Span<UInt8>) {
    guard text.count == Self.textLength else { return nil }
    let hyphen = UInt8(ascii: "-")
    guard text[8] == hyphen, text[13] == hyphen, text[18] == hyphen, text[23] == hyphen else { return nil }
    let half: UInt64 = 0xffff_ffff
    let tail = Word.load(text, at: 24)
    let second = Word.load(text, at: 9) & half | Word.load(text, at: 14) &<< 32
    let third = Word.load(text, at: 19) & half | tail &<< 32
    guard let first = Self.value(ofDigits: Word.load(text, at: 0)), let second = Self.value(ofDigits: second),
      let third = Self.value(ofDigits: third), let fourth = Self.value(ofDigits: Word.load(text, at: 28))
    else { return nil }
    self.init(high: UInt64(first) &<< 32 | UInt64(second), low: UInt64(third) &<< 32 | UInt64(fourth))
  }
}

// MARK: - Eight digits

extension UUIDBits {
  private static let ones: UInt64 = 0x0101_0101_0101_0101

  /// The value of eight hexadecimal digits, the first in the least significant byte; nil when one is none.
  @inline(__always)
  private static func value(ofDigits text: UInt64) -> UInt32? {
    // Letters have bit 6; their low half counts from 1.
    let letters = text &>> 6 & ones
    let values = text & (0x0f &* ones) &+ 9 &* letters
    // What is none is not its own digit, in lower case, or is beyond 15.
    guard values & (0xf0 &* ones) == 0, digits(ofValues: values) == text | letters &<< 5 else { return nil }
    let bytes = (values &<< 4 | values &>> 8) & 0x00ff_00ff_00ff_00ff
    let pairs = (bytes | bytes &>> 8) & 0x0000_ffff_0000_ffff
    return UInt32(truncatingIfNeeded: pairs | pairs &>> 16).byteSwapped
  }

  /// The lower-case digits of eight values below 16, one a byte.
  @inline(__always)
  private static func digits(ofValues values: UInt64) -> UInt64 {
    let letters = (values &+ 0x76 &* ones) &>> 7 & ones
    return values &+ 0x30 &* ones &+ 0x27 &* letters
  }

  /// The eight digits of `value`, the first in the least significant byte.
  @inline(__always)
  fileprivate static func digits(of value: UInt32) -> UInt64 {
    let pairs = UInt64(value.byteSwapped)
    let spread = (pairs | pairs &<< 16) & 0x0000_ffff_0000_ffff
    let bytes = (spread | spread &<< 8) & 0x00ff_00ff_00ff_00ff
    return digits(ofValues: (bytes &>> 4 | bytes &<< 8) & (0x0f &* ones))
  }
}

// MARK: - Text

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
    let second = UUIDBits.digits(of: UInt32(truncatingIfNeeded: id.high))
    let third = UUIDBits.digits(of: UInt32(truncatingIfNeeded: id.low &>> 32))
    append(capacity: UUIDBits.textLength) { output in
      func append(_ digits: UInt64, _ count: Int) {
        var digits = digits
        for _ in 0..<count {
          output.append(UInt8(truncatingIfNeeded: digits))
          digits = digits &>> 8
        }
      }
      append(UUIDBits.digits(of: UInt32(truncatingIfNeeded: id.high &>> 32)), 8)
      output.append(UInt8(ascii: "-"))
      append(second, 4)
      output.append(UInt8(ascii: "-"))
      append(second &>> 32, 4)
      output.append(UInt8(ascii: "-"))
      append(third, 4)
      output.append(UInt8(ascii: "-"))
      append(third &>> 32, 4)
      append(UUIDBits.digits(of: UInt32(truncatingIfNeeded: id.low)), 8)
    }
  }
}
