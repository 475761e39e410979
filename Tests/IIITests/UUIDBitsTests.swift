import Bytes
import Testing

@testable import III

@Suite struct UUIDBitsTests {
  static func parse(_ text: String) -> UUIDBits? { UUIDBits(text.utf8.span) }

  @Test(arguments: [
    "00000000-0000-4000-8000-000000000001", "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "0b0e7c3e-91d2-4c55-a1b7-0123456789ab",
  ])
  func textAndBitsAreOne(text: String) throws {
    let id = try #require(Self.parse(text))
    #expect(id.description == text)
    #expect(Self.parse(text.uppercased()) == id)
  }

  @Test func digitsStandWhereTheyStood() throws {
    let id = try #require(Self.parse("01234567-89ab-cdef-fedc-ba9876543210"))
    #expect(id == UUIDBits(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210))
  }

  /// Every byte at every place: only digits of either case are taken, with their value, and only hyphens between.
  @Test func everyByteAtEveryPlace() {
    let text = Array("01234567-89ab-cdef-fedc-ba9876543210".utf8)
    for place in 0..<36 {
      for byte in 0...255 as ClosedRange<UInt8> {
        var bytes = text
        bytes[place] = byte
        let id = UUIDBits(bytes.span)
        let isHyphen = [8, 13, 18, 23].contains(place)
        let character = Character(Unicode.Scalar(byte))
        let isWanted = isHyphen ? character == "-" : character.isASCII && character.isHexDigit
        let read = id.map { Array($0.description.utf8) }
        let lowered = String(decoding: bytes, as: UTF8.self).lowercased()
        #expect(read == (isWanted ? Array(lowered.utf8) : nil), "\(byte) at \(place)")
      }
    }
  }

  @Test(arguments: [
    "", "0b0e7c3e91d24c55a1b70123456789ab", "0b0e7c3e-91d2-4c55-a1b7-0123456789a",
    "{b0e7c3e-91d2-4c55-a1b7-0123456789ab",
    "0b0e7c3e-91d2-4c55-a1b7-0123456789ag", "0b0e7c3e091d2-4c55-a1b7-0123456789ab",
    "0b0e7c3e-91d2-4c55-a1b7-0123456789abc",
  ])
  func otherTextsAreNone(text: String) { #expect(Self.parse(text) == nil) }
}
