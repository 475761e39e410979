import Bytes
import LocalProtocol
import Testing

@Suite struct LineDecoderTests {
  /// Feeds `chunks` one after the other, with the end after the last; lines come back as text, over-long ones as `#size`.
  func lines(_ chunks: [String], limit: Int = 100, atEnd: Bool = true) -> [String] {
    var decoder = LineDecoder(limit: limit)
    var input = ByteBuffer()
    var found: [String] = []
    for (index, chunk) in chunks.enumerated() {
      input.append(chunk)
      decoder.decode(&input, atEnd: atEnd && index == chunks.count - 1) { event, bytes in
        switch event {
        case .line: found.append(String(utf8: bytes) ?? "?")
        case .tooLong(let size): found.append("#\(size)")
        }
        return true
      }
    }
    let left = input.count
    if atEnd { #expect(left == 0) }
    return found
  }

  @Test(arguments: [
    ("", []), ("\n", []), ("a\n", ["a"]), ("a", ["a"]), ("a\r\n", ["a"]), ("a\r", ["a"]),
    ("a\n\n\r\n \t\nb\n", ["a", "b"]),
    ("a\r\r\n", ["a\r"]), ("a\rb\n", ["a\rb"]), ("12345678\n12345678\n", ["12345678", "12345678"]),
    ("1234567\n123456789\nabcdefghijklmnopqrstuvw", ["1234567", "123456789", "abcdefghijklmnopqrstuvw"]),
    (" {} \n", [" {} "]),
  ])
  func framing(text: String, expected: [String]) { #expect(lines([text]) == expected) }

  @Test func everySplitGivesTheSameLines() {
    let text = "{\"id\":1}\r\n\n{\"id\":2,\"x\":\"0123456789abcdef\"}\n0123456789012345678901234567890\r\nlast"
    let whole = lines([text], limit: 30)
    #expect(whole == ["{\"id\":1}", "{\"id\":2,\"x\":\"0123456789abcdef\"}".count > 30 ? "#31" : "", "#31", "last"])
    let bytes = Array(text.utf8)
    for first in 0...bytes.count {
      for second in first...bytes.count {
        let parts = [bytes[..<first], bytes[first..<second], bytes[second...]].map {
          String(decoding: $0, as: UTF8.self)
        }
        #expect(lines(parts, limit: 30) == whole, "split at \(first) and \(second)")
      }
    }
  }

  @Test func oneByteAtATime() {
    let text = "abc\r\n\n0123456789\r\n012345678901\r\n0123456789012\nend"
    #expect(
      lines(text.unicodeScalars.map { String($0) }, limit: 12) == ["abc", "0123456789", "012345678901", "#13", "end"])
  }

  @Test(arguments: [
    ("12345\n", ["12345"]), ("123456\n", ["#6"]), ("12345\r\n", ["12345"]), ("123456\r\n", ["#6"]),
    ("123456", ["#6"]), ("12345\r", ["12345"]), ("1234567890\na\n", ["#10", "a"]), ("1234567890\r\na\n", ["#10", "a"]),
    ("1234567890", ["#10"]), ("1234567890\r", ["#10"]), ("          \n", ["#10"]),
  ])
  func linesAboveTheLimitAreReportedWithTheirSize(text: String, expected: [String]) {
    #expect(lines([text], limit: 5) == expected)
    #expect(lines(text.unicodeScalars.map { String($0) }, limit: 5) == expected)
  }

  @Test func anOverLongLineIsNotKept() {
    var decoder = LineDecoder(limit: 1000)
    var input = ByteBuffer()
    var sizes: [Int] = []
    var most = 0
    for _ in 0..<1000 {
      input.append(String(repeating: "x", count: 999))
      decoder.decode(&input) { _, _ in
        Issue.record("no line has ended")
        return true
      }
      most = max(most, input.count)
    }
    #expect(most <= 1001)
    input.append("\nshort\n")
    var found: [String] = []
    decoder.decode(&input) { event, bytes in
      if case .tooLong(let size) = event { sizes.append(size) } else { found.append(String(utf8: bytes) ?? "?") }
      return true
    }
    #expect(sizes == [999_000])
    #expect(found == ["short"])
  }

  @Test func stoppingConsumesTheHandledLinesOnly() {
    var decoder = LineDecoder(limit: 100)
    var input = ByteBuffer()
    input.append("one\ntwo\nthree\nrest")
    var found: [String] = []
    decoder.decode(&input, atEnd: true) { _, bytes in
      found.append(String(utf8: bytes) ?? "?")
      return found.count < 2
    }
    let left = String(utf8: input.span)
    #expect(found == ["one", "two"])
    #expect(left == "three\nrest")
    decoder.decode(&input, atEnd: true) { _, bytes in
      found.append(String(utf8: bytes) ?? "?")
      return true
    }
    #expect(found == ["one", "two", "three", "rest"])
  }

  @Test func stoppingAtAnOverLongLine() {
    var decoder = LineDecoder(limit: 3)
    var input = ByteBuffer()
    input.append("12345678")
    decoder.decode(&input) { _, _ in false }
    input.append("9\nab\n")
    var events: [LineEvent] = []
    decoder.decode(&input) { event, _ in
      events.append(event)
      return false
    }
    let left = String(utf8: input.span)
    #expect(events == [.tooLong(size: 9)])
    #expect(left == "ab\n")
  }

  @Test func whatIsLeftWithoutAnEndStays() {
    var decoder = LineDecoder(limit: 100)
    var input = ByteBuffer()
    input.append("begun")
    decoder.decode(&input) { _, _ in
      Issue.record("no line has ended")
      return true
    }
    let left = input.count
    #expect(left == 5)
  }

  /// 8 MiB in reads of 64 KiB: with a search that begins anew for each read this would take minutes.
  @Test func aLongLineIsSearchedOnce() {
    var decoder = LineDecoder(limit: 16 * 1024 * 1024)
    var input = ByteBuffer()
    let part = String(repeating: "y", count: 1024)
    for _ in 0..<8192 {
      input.append(part)
      decoder.decode(&input) { _, _ in true }
    }
    input.append("\n")
    var size = 0
    decoder.decode(&input) { _, bytes in
      size = bytes.count
      return true
    }
    #expect(size == 8 * 1024 * 1024)
  }

  @Test func randomTextAgreesWithASplit() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<400 {
      var text = ""
      for _ in 0..<Int.random(in: 0...80, using: &generator) {
        text += ["a", "b", "\n", "\r", " ", "é", "\t", "xyzxyzxyz"].randomElement(using: &generator) ?? ""
      }
      let expected = reference(text, limit: 20)
      var chunks: [String] = []
      var rest = Substring(text)
      while !rest.isEmpty {
        let count = Int.random(in: 1...9, using: &generator)
        chunks.append(String(String.UnicodeScalarView(rest.unicodeScalars.prefix(count))))
        rest = Substring(rest.unicodeScalars.dropFirst(count))
      }
      if chunks.isEmpty { chunks = [""] }
      #expect(lines(chunks, limit: 20) == expected, "\(text.debugDescription)")
    }
  }

  /// The rules once more, the slow way.
  private func reference(_ text: String, limit: Int) -> [String] {
    text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false).compactMap { piece in
      var bytes = Array(piece)
      if bytes.last == 0x0d { bytes.removeLast() }
      if bytes.count > limit { return "#\(bytes.count)" }
      if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { return nil }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
