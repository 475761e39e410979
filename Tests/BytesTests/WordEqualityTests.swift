import Bytes
import Testing

@Suite struct WordEqualityTests {
  @Test(arguments: 0...26) func `bytes are compared up to the last one`(count: Int) {
    let bytes = (0..<count).map { UInt8($0) }
    // A span cannot be an argument inside the macro.
    func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool { Word.areEqual(one.span, other.span) }
    #expect(areEqual(bytes, bytes))
    #expect(!areEqual(bytes, bytes + [0]))
    for index in bytes.indices {
      var other = bytes
      other[index] ^= 0x80
      #expect(!areEqual(bytes, other))
    }
  }
}
