import Bytes
import Testing

@testable import WebSocket

@Suite struct HTTPHeadReaderTests {
  /// Reads `text`, given in pieces that end at `cuts`.
  static func read(_ bytes: [UInt8], cuts: [Int] = []) throws(HTTPHeadError) -> (head: HTTPHead?, rest: [UInt8]) {
    var reader = HTTPHeadReader()
    var input = ByteBuffer()
    var start = 0
    var head: HTTPHead?
    for end in cuts + [bytes.count] {
      for byte in bytes[start..<end] { input.append(byte) }
      start = end
      if head == nil { head = try reader.read(&input) }
    }
    return (head, input.bytes)
  }

  static func read(_ text: String, cuts: [Int] = []) throws(HTTPHeadError) -> (head: HTTPHead?, rest: [UInt8]) {
    try read(Array(text.utf8), cuts: cuts)
  }

  @Test func aHeadAndWhatFollows() throws {
    let text = "GET /a?b HTTP/1.1\r\nHost: h\r\nX-Empty:\r\nx-Blank: \t a b \t\r\nHOST: second\r\n\r\nrest"
    let (head, rest) = try Self.read(text)
    #expect(
      head
        == HTTPHead(
          startLine: "GET /a?b HTTP/1.1",
          headers: [
            HTTPHeader("Host", "h"), HTTPHeader("X-Empty", ""), HTTPHeader("x-Blank", "a b"),
            HTTPHeader("HOST", "second"),
          ]))
    #expect(rest == Array("rest".utf8))
    #expect(head?.values("hOsT") == ["h", "second"])
    #expect(head?.onlyValue("Host") == nil)
    #expect(head?.onlyValue("x-empty") == "")
    #expect(head?.onlyValue("absent") == nil)
    for cut in 0...text.utf8.count {
      let again = try Self.read(text, cuts: [cut])
      #expect(again.head == head)
      #expect(again.rest == rest)
    }
  }

  @Test func notCompleteYet() throws {
    for text in ["", "G", "GET / HTTP/1.1\r", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nA: b\r\n", "X\r\n\r"] {
      let (head, rest) = try Self.read(text)
      #expect(head == nil)
      #expect(rest == Array(text.utf8))
    }
  }

  @Test func valuesBeyondASCII() throws {
    let (head, _) = try Self.read(Array("X\r\nA: é".utf8) + [0xFF] + Array("\r\n\r\n".utf8))
    #expect(head?.onlyValue("A") == "é\u{FFFD}")
  }

  @Test(arguments: [
    ("\r\nGET / HTTP/1.1\r\n\r\n", "no start line", 0), ("GET\n", "LF without CR", 3), ("\n", "LF without CR", 0),
    ("GET\r\rx", "CR without LF", 4), ("GET\rx", "CR without LF", 4), ("G\0", "control character", 1),
    ("\u{16}\u{3}\u{1}", "control character", 0), ("a\u{7F}", "control character", 1),
    ("X\r\nA: b\r\n folded\r\n\r\n", "header line without a colon", 9),
    ("X\r\nA: b\r\n fo:ld\r\n\r\n", "header name", 9), ("X\r\nA : b\r\n\r\n", "header name", 3),
    ("X\r\n: b\r\n\r\n", "header name", 3), ("X\r\nabc\r\n\r\n", "header line without a colon", 3),
    ("X\r\nA(: b\r\n\r\n", "header name", 3),
  ])
  func malformed(text: String, reason: String, offset: Int) {
    let error = HTTPHeadError.malformed(reason, offset: offset)
    #expect(throws: error) { try Self.read(text) }
    for cut in 0...text.utf8.count { #expect(throws: error) { try Self.read(text, cuts: [cut]) } }
  }

  @Test func theLargestHead() throws {
    let start = "X\r\nA: "
    let fitting = start + String(repeating: "a", count: HTTPHead.maximumSize - start.utf8.count - 4) + "\r\n\r\n"
    #expect(fitting.utf8.count == HTTPHead.maximumSize)
    #expect(try Self.read(fitting).head != nil)
    let larger = start + "a" + fitting.dropFirst(start.count)
    #expect(throws: HTTPHeadError.tooLarge) { try Self.read(larger) }
    #expect(throws: HTTPHeadError.tooLarge) { try Self.read(String(repeating: "a", count: 16 * 1024 + 1)) }
    #expect(try Self.read(String(repeating: "a", count: 16 * 1024)).head == nil)
  }

  @Test(arguments: [
    ("websocket", true), ("WebSocket", true), ("a, websocket", true), ("a,websocket ,b", true), ("websocket2", false),
    ("web socket", false), ("", false), (",,", false), ("\twebsocket\t,", true),
  ])
  func lists(value: String, expected: Bool) {
    let head = HTTPHead(startLine: "X", headers: [HTTPHeader("A", "x"), HTTPHeader("upgrade", value)])
    #expect(head.lists("websocket", in: "Upgrade") == expected)
  }

  @Test func requestLines() {
    let line = HTTPHead(startLine: "GET /a?b HTTP/1.1", headers: []).requestLine
    #expect(line == HTTPHead.RequestLine(method: "GET", target: "/a?b", version: "HTTP/1.1"))
    for bad in [
      "GET /", "GET / HTTP/1.1 ", "GET  / HTTP/1.1", "GET / http/1.1", "GET / HTTP/1", "GET / HTTP/11",
      "G@T / HTTP/1.1",
      "GET /é HTTP/1.1", "GET /\t HTTP/1.1", " / HTTP/1.1", "", "GET / HTTP/a.1", "GET / HTTP/1é1",
    ] {
      #expect(HTTPHead(startLine: bad, headers: []).requestLine == nil)
    }
  }

  @Test func statusLines() {
    let line = HTTPHead(startLine: "HTTP/1.1 404 Not Found", headers: []).statusLine
    #expect(line == HTTPHead.StatusLine(version: "HTTP/1.1", status: 404, reason: "Not Found"))
    #expect(HTTPHead(startLine: "HTTP/1.0 200", headers: []).statusLine?.reason == "")
    #expect(HTTPHead(startLine: "HTTP/1.0 200 ", headers: []).statusLine?.reason == "")
    for bad in [
      "HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 20", "HTTP/1.1 2000", "HTTP/1.1 +20", "HTTP/1.1 099", "HTTP 200",
      "SSH-2.0 200",
      "HTTP/1.1  200",
    ] {
      #expect(HTTPHead(startLine: bad, headers: []).statusLine == nil)
    }
  }
}
