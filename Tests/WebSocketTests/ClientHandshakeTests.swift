import Bytes
import Testing
import WebSocket

@Suite struct ClientHandshakeTests {
  /// The key of RFC 6455, section 1.3.
  static let key = Array("the sample nonce".utf8)

  static func handshake(
    host: String = "server.example.com", port: Int? = nil, target: String = "/chat", headers: [(String, String)] = []
  ) throws(HandshakeError) -> ClientHandshake {
    try ClientHandshake(host: host, port: port, target: target, headers: headers, key: key)
  }

  static func request(
    host: String = "server.example.com", port: Int? = nil, target: String = "/chat", headers: [(String, String)] = []
  ) throws(HandshakeError) -> String {
    var output = ByteBuffer()
    try handshake(host: host, port: port, target: target, headers: headers).writeRequest(into: &output)
    return output.text
  }

  static let accepted =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"

  /// What the client makes of `response`: whether it is accepted, and the bytes left.
  static func receive(_ response: String, cuts: [Int] = []) throws -> (accepted: Bool, rest: String) {
    var handshake = try handshake()
    var input = ByteBuffer()
    let bytes = Array(response.utf8)
    var start = 0
    var accepted = false
    for end in cuts + [bytes.count] {
      for byte in bytes[start..<end] { input.append(byte) }
      start = end
      if !accepted { accepted = try handshake.receive(&input) }
    }
    return (accepted, input.text)
  }

  // MARK: Request

  @Test func theRequest() throws {
    #expect(
      try Self.request(port: 8080, target: "/a?b=c", headers: [("Authorization", "Bearer x"), ("X-A", "é")])
        == """
        GET /a?b=c HTTP/1.1\r
        Host: server.example.com:8080\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Version: 13\r
        Authorization: Bearer x\r
        X-A: é\r
        \r\n
        """)
  }

  @Test(
    arguments: [
      ("h", nil, "h"), ("h", 1, "h:1"), ("::1", nil, "[::1]"), ("::1", 80, "[::1]:80"), ("[::1]", 80, "[::1]:80"),
      ("10.0.0.1", 49134, "10.0.0.1:49134"),
    ] as [(String, Int?, String)])
  func hosts(host: String, port: Int?, expected: String) throws {
    #expect(try Self.request(host: host, port: port).contains("\r\nHost: \(expected)\r\n"))
  }

  @Test func whatWouldBreakTheRequestIsRefused() {
    for host in ["", "a b", "a\r\nX: y", "a/b", "a@b", "é"] {
      #expect(throws: HandshakeError.self) { try Self.request(host: host) }
    }
    for target in ["", "a", "/a b", "/a\r\nX: y", "/é", "/a#b", "/\0"] {
      #expect(throws: HandshakeError.self) { try Self.request(target: target) }
    }
    for name in [
      "", "a b", "a:", "a\r\n", "é", "Host", "upgrade", "CONNECTION", "sec-websocket-protocol", "content-length",
    ] {
      #expect(throws: HandshakeError.self) { try Self.request(headers: [(name, "x")]) }
    }
    for value in ["a\r\nX: y", "a\n", "\r", "\0", "\u{7F}"] {
      #expect(
        throws: HandshakeError(
          kind: .invalidRequest, status: nil, reason: "value of header X-A with control characters")
      ) { try Self.request(headers: [("X-A", value)]) }
    }
  }

  // MARK: Response

  @Test func accepts() throws {
    let response = Self.accepted + "\r\n\u{1}frames"
    for cut in 0...response.utf8.count {
      let (accepted, rest) = try Self.receive(response, cuts: [cut])
      #expect(accepted)
      #expect(rest == "\u{1}frames")
    }
    #expect(try !Self.receive(Self.accepted).accepted)
  }

  @Test func acceptsAnyCaseAndOrder() throws {
    let response = """
      HTTP/1.1 101 \r
      sec-websocket-ACCEPT:   s3pPLMBiTxaQ9kYGzzhZRbK+xOo= \r
      server: x\r
      connection: keep-alive, upgrade\r
      upgrade: WebSocket\r
      \r\n
      """
    #expect(try Self.receive(response).accepted)
  }

  @Test(arguments: [
    ("Upgrade: websocket\r\n", ""), ("Upgrade: websocket", "Upgrade: h2c"),
    ("Upgrade: websocket", "Upgrade: websockets"),
    ("Connection: Upgrade\r\n", ""), ("Connection: Upgrade", "Connection: close"),
    ("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", ""), ("s3pP", "S3pP"), ("xOo=", "xOo"),
    ("Upgrade: websocket", "Sec-WebSocket-Extensions: permessage-deflate\r\nUpgrade: websocket"),
    ("Upgrade: websocket", "Sec-WebSocket-Protocol: chat\r\nUpgrade: websocket"),
    ("Upgrade: websocket", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nUpgrade: websocket"),
    ("HTTP/1.1", "HTTP/1.0"),
  ])
  func refusesWhatIsNoAcceptance(part: String, replacement: String) throws {
    let response = Self.accepted.replacing(part, with: replacement) + "\r\n"
    let error = #expect(throws: HandshakeError.self) { try Self.receive(response) }
    #expect(error?.kind == .notWebSocket)
    #expect(error?.status == 101)
  }

  @Test(arguments: [
    ("401 Unauthorized", 401, "Unauthorized"), ("404", 404, "Not Found"),
    ("503 away for a\tmoment", 503, "away for a\tmoment"),
    ("200 OK", 200, "OK"), ("302 Found", 302, "Found"), ("100 Continue", 100, "Continue"), ("599", 599, ""),
    ("500 \(String(repeating: "x", count: 1000))", 500, String(repeating: "x", count: 120)),
  ])
  func otherStatuses(line: String, status: Int, reason: String) {
    for version in ["HTTP/1.1", "HTTP/1.0"] {
      #expect(throws: HandshakeError(kind: .refused, status: status, reason: reason)) {
        try Self.receive("\(version) \(line)\r\nContent-Length: 3\r\n\r\nno\n")
      }
    }
  }

  @Test func whatIsNotHTTP() {
    for text in ["SSH-2.0-OpenSSH_9.2\r\n\r\n", "SSH-2.0\n", "\u{15}\u{3}\u{1}", "GET / HTTP/1.1\r\n\r\n"] {
      let error = #expect(throws: HandshakeError.self) { try Self.receive(text) }
      #expect(error?.kind == .malformed)
      #expect(error?.status == nil)
    }
    let error = #expect(throws: HandshakeError.self) {
      try Self.receive("HTTP/1.1 101 x\r\n" + String(repeating: "A: b\r\n", count: 3000) + "\r\n")
    }
    #expect(error?.kind == .tooLarge)
  }

  @Test func errorsInWords() {
    #expect("\(HandshakeError(kind: .refused, status: 404, reason: "Not Found"))" == "HTTP status 404: Not Found")
    #expect(
      "\(HandshakeError(kind: .malformed, status: nil, reason: "not an HTTP response"))" == "not an HTTP response")
  }
}
