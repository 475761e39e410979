import Bytes
import RawJSON
import Testing

@Suite struct JSONWriterTests {
  func written(_ write: (inout ByteBuffer) -> Void) -> String {
    var buffer = ByteBuffer()
    write(&buffer)
    return String(utf8: buffer.span) ?? "?"
  }

  @Test func stringsAreEscaped() {
    #expect(
      written { $0.append(jsonString: "a\"b\\c\n\r\t\u{1}\u{1f}\u{7f}é😀") } == #""a\"b\\c\n\r\t\u0001\u001f"#
        + "\u{7f}é😀\"")
    #expect(written { $0.append(jsonString: "") } == #""""#)
  }

  @Test(arguments: [0, 7, -1, 10, 1_234_567_890, Int.max, Int.min])
  func integers(number: Int) { #expect(written { $0.append(integer: number) } == "\(number)") }

  @Test func flatteningKeepsOneLine() {
    let text = "{\"a\":\r\n1}"
    #expect(written { $0.append(json: text.utf8.span, flattening: true) } == "{\"a\":  1}")
    #expect(written { $0.append(json: text.utf8.span, flattening: false) } == text)
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let original = "q\"\\\u{0}\n\u{1f}é😀/"
    let line = written { $0.append(jsonString: original) }
    var envelope = JSONEnvelope()
    let object = "{\"s\":\(line)}"
    try envelope.scan(object.utf8.span)
    #expect(envelope.violation == nil)
    #expect(envelope.find("s")?.string(in: object.utf8.span) == original)
  }
}
