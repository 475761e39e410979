import Bytes
import Testing
import WebSocket

@Suite struct ServerHandshakeTests {
  static let request =
    "GET /chat?x=1 HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\n"
    + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"

  /// What the server makes of `request`: the request it sees, its answer (accepting it), and the bytes left.
  static func receive(
    _ request: String, reply: HandshakeReply = .accept, cuts: [Int] = []
  ) -> (request: HandshakeRequest?, error: HandshakeError?, answer: String, rest: String) {
    var handshake = ServerHandshake()
    var input = ByteBuffer()
    var output = ByteBuffer()
    let bytes = Array(request.utf8)
    var start = 0
    var request: HandshakeRequest?
    for end in cuts + [bytes.count] {
      for byte in bytes[start..<end] { input.append(byte) }
      start = end
      guard request == nil else { continue }
      do throws(HandshakeError) {
        request = try handshake.receive(&input)
        if request != nil { handshake.write(reply, into: &output) }
      } catch {
        handshake.write(error, into: &output)
        return (nil, error, output.text, input.text)
      }
    }
    return (request, nil, output.text, input.text)
  }

  // MARK: Acceptance

  @Test func theExampleOfTheStandard() {
    let text =
      Self.request + "Origin: http://example.com\r\nSec-WebSocket-Protocol: chat, superchat\r\n"
      + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\nrest"
    for cut in stride(from: 0, through: text.utf8.count, by: 3) {
      let (request, error, answer, rest) = Self.receive(text, cuts: [cut])
      #expect(error == nil)
      #expect(request?.method == "GET")
      #expect(request?.path == "/chat")
      #expect(request?.query == "x=1")
      #expect(request?.header("ORIGIN") == "http://example.com")
      #expect(request?.headers.count == 8)
      #expect(
        answer == """
          HTTP/1.1 101 Switching Protocols\r
          Upgrade: websocket\r
          Connection: Upgrade\r
          Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
          \r\n
          """)
      #expect(rest == "rest")
    }
  }

  @Test func needsTheWholeHead() {
    let text = Self.request + "\r\n"
    for count in 0..<text.utf8.count {
      let (request, error, answer, rest) = Self.receive(String(Substring(text.utf8.prefix(count))))
      #expect(request == nil)
      #expect(error == nil)
      #expect(answer == "")
      #expect(rest.utf8.count == count)
    }
  }

  @Test(arguments: [
    ("Upgrade: websocket", "upgrade: h2c, WebSocket"), ("Connection: Upgrade", "connection: keep-alive, upgrade"),
    ("Connection: Upgrade", "Connection: keep-alive\r\nConnection: UPGRADE"), ("Host: ", "Content-Length: 0\r\nhost:"),
  ])
  func listsAndCases(part: String, replacement: String) {
    #expect(Self.receive(Self.request.replacing(part, with: replacement) + "\r\n").request != nil)
  }

  @Test(arguments: [
    ("/", "/", ""), ("/?", "/", ""), ("/a%20b?c=%C3%A9&c", "/a%20b", "c=%C3%A9&c"), ("/a?b?c", "/a", "b?c"),
    ("http://h/x?y", "/x", "y"), ("ws://h:1", "/", ""), ("wss://h?q", "/", "q"), ("//x", "//x", ""),
  ])
  func targets(target: String, path: String, query: String) {
    let (request, _, _, _) = Self.receive(Self.request.replacing("/chat?x=1", with: target) + "\r\n")
    #expect(request?.path == path)
    #expect(request?.query == query)
  }

  // MARK: Refusal

  @Test(arguments: [
    ("GET", "POST", 405), ("GET", "get", 405), ("HTTP/1.1", "HTTP/1.0", 505), ("HTTP/1.1", "HTTP/2.0", 505),
    ("HTTP/1.1", "HTTPS", 400), ("Host: server.example.com\r\n", "", 400), ("server.example.com", "", 400),
    ("Host: ", "Host: a\r\nHost: ", 400), ("Upgrade: websocket\r\n", "", 426),
    ("Upgrade: websocket", "Upgrade: h2c", 426),
    ("Connection: Upgrade\r\n", "", 426), ("Connection: Upgrade", "Connection: close", 426),
    ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", 400), ("dGhl", "dGh", 400), ("ZQ==", "Z===", 400),
    ("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZTE=", 400),
    ("Sec-WebSocket-Key", "Sec-WebSocket-Key: x\r\nSec-WebSocket-Key", 400),
    ("Host", "Transfer-Encoding: chunked\r\nHost", 400), ("Host", "Content-Length: 5\r\nHost", 400),
    ("/chat", "*", 400), ("/chat", "chat", 400), ("/chat", "/a#b", 400), ("/chat", "ftp://h/", 400),
    ("/chat", "http:///a", 400),
    ("Host", " Host", 400),
  ])
  func refuses(part: String, replacement: String, status: Int) {
    let (request, error, answer, _) = Self.receive(Self.request.replacing(part, with: replacement) + "\r\n")
    #expect(request == nil)
    #expect(error?.status == status)
    #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
    #expect(answer.hasSuffix("\r\n\r\n\(error?.reason ?? "")\n"))
    #expect(answer.contains("\r\nContent-Length: \((error?.reason.utf8.count ?? 0) + 1)\r\n"))
  }

  @Test(arguments: ["8", "12", "14", "13, 14", "", "thirteen"])
  func otherVersionsLearnWhichOneIsServed(version: String) {
    let text = Self.request.replacing("Version: 13", with: "Version: \(version)") + "\r\n"
    let (_, error, answer, _) = Self.receive(text)
    #expect(error?.kind == .unsupportedVersion)
    #expect(answer.hasPrefix("HTTP/1.1 426 Upgrade Required\r\n"))
    #expect(answer.contains("\r\nSec-WebSocket-Version: 13\r\n"))
  }

  @Test func aLargeHeadIsRefusedBeforeItsEnd() {
    let (_, error, answer, _) = Self.receive(Self.request + "Cookie: " + String(repeating: "x", count: 17_000))
    #expect(error?.kind == .tooLarge)
    #expect(answer.hasPrefix("HTTP/1.1 431 Request Header Fields Too Large\r\n"))
  }

  @Test func theRouteMayReject() {
    let (request, _, answer, _) = Self.receive(Self.request + "\r\n", reply: .reject(status: 404, body: "é\n"))
    #expect(request != nil)
    #expect(
      answer == """
        HTTP/1.1 404 Not Found\r
        Connection: close\r
        Content-Type: text/plain; charset=utf-8\r
        Content-Length: 3\r
        \r
        é\n
        """)
  }

  // MARK: Both ends

  @Test func ourClientAndOurServerAgree() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<20 {
      let key = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      var client = try ClientHandshake(
        host: "h", port: 1, target: "/", headers: [("Authorization", "Bearer \(key[0])")], key: key)
      var server = ServerHandshake()
      var wire = ByteBuffer()
      client.writeRequest(into: &wire)
      let request = try server.receive(&wire)
      #expect(request?.header("authorization") == "Bearer \(key[0])")
      #expect(wire.bytes == [])
      server.write(.accept, into: &wire)
      let accepted = try client.receive(&wire)
      #expect(accepted)
    }
  }
}
