import Bytes
import Testing

@Suite struct HexadecimalTests {
  static func word(_ digits: String) -> UInt64 { Word.load(Array(digits.utf8).span, at: 0) }

  @Test(
    arguments: [
      ("00000000", 0), ("0123cdef", 0x0123_cdef), ("ffffffff", 0xffff_ffff), ("89abcdef", 0x89ab_cdef),
      ("deadbeef", 0xdead_beef),
    ] as [(String, UInt32)])
  func eightDigits(digits: String, value: UInt32) {
    #expect(Hexadecimal.digits(of: value) == Self.word(digits))
    #expect(Hexadecimal.value(of: Self.word(digits)) == value)
    #expect(Hexadecimal.value(of: Self.word(digits.uppercased())) == value)
  }

  /// Every byte in every place: only the 22 digits are taken.
  @Test func whatIsNoDigitIsRefused() {
    for place in 0..<8 {
      for byte in UInt8.min...UInt8.max {
        var digits = Array("01234567".utf8)
        digits[place] = byte
        let isDigit = Character(Unicode.Scalar(byte)).isHexDigit && byte < 0x80
        #expect((Hexadecimal.value(of: Word.load(digits.span, at: 0)) != nil) == isDigit, "byte \(byte) at \(place)")
      }
    }
  }

  @Test func aUUIDHasItsHyphens() {
    var buffer = ByteBuffer()
    buffer.append(uuid: 0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210)
    #expect(String(utf8: buffer.span) == "01234567-89ab-cdef-fedc-ba9876543210")
  }
}
