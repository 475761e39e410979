/// Eight hexadecimal digits at a time.
///
/// Eight digits are a word as ``Word/load(_:at:)`` gives it: the first digit in the least significant byte.
public enum Hexadecimal {
  private static var ones: UInt64 { 0x0101_0101_0101_0101 }

  /// The eight lower-case digits of `value`.
  public static func digits(of value: UInt32) -> UInt64 {
    // Each half of what there is moves half its width up, until there is one digit in each byte.
    var nibbles = UInt64(value)
    nibbles = (nibbles | nibbles &<< 16) & 0x0000_ffff_0000_ffff
    nibbles = (nibbles | nibbles &<< 8) & 0x00ff_00ff_00ff_00ff
    nibbles = (nibbles | nibbles &<< 4) & 0x0f0f_0f0f_0f0f_0f0f
    return characters(nibbles.byteSwapped)
  }

  /// The value of eight digits of either case; nil when one of the bytes is no digit.
  public static func value(of digits: UInt64) -> UInt32? {
    // Letters have bit 6; with bit 5 they are lower-case.
    let letters = (digits &>> 6) & ones
    let lower = digits | letters &<< 5
    let nibbles = (lower & (ones &* 0x0f)) &+ letters &* 9
    // Whatever is no digit gives another character back.
    guard nibbles & (ones &* 0xf0) == 0, characters(nibbles) == lower else { return nil }
    var value = nibbles.byteSwapped
    value = (value | value &>> 4) & 0x00ff_00ff_00ff_00ff
    value = (value | value &>> 8) & 0x0000_ffff_0000_ffff
    return UInt32(truncatingIfNeeded: value | value &>> 16)
  }

  /// The characters of eight numbers below 16, one in each byte.
  private static func characters(_ nibbles: UInt64) -> UInt64 {
    let letters = ((nibbles &+ ones &* 6) &>> 4) & ones
    return nibbles &+ ones &* 0x30 &+ letters &* 0x27
  }
}

extension ByteBuffer {
  /// Appends the text form of a UUID (RFC 9562, section 4): lower-case, with hyphens, without quotes.
  public mutating func append(uuid high: UInt64, _ low: UInt64) {
    let hyphen = UInt64(UInt8(ascii: "-"))
    let second = Hexadecimal.digits(of: UInt32(truncatingIfNeeded: high))
    let third = Hexadecimal.digits(of: UInt32(truncatingIfNeeded: low &>> 32))
    append(word: Hexadecimal.digits(of: UInt32(truncatingIfNeeded: high &>> 32)), count: 8)
    append(word: hyphen | second &<< 8, count: 5)
    append(word: hyphen | (second &>> 32) &<< 8, count: 5)
    append(word: hyphen | third &<< 8, count: 5)
    append(word: hyphen | (third &>> 32) &<< 8, count: 5)
    append(word: Hexadecimal.digits(of: UInt32(truncatingIfNeeded: low)), count: 8)
  }
}
