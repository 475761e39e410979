import Bytes
import Testing
import WebSocket

@testable import DevEngine

@Suite("Serving HTTP: routes, requests, bodies, answers")
struct HTTPServingTests {
  // MARK: - Routes

  private static func route(_ path: String, _ method: String = "GET") throws -> HTTPRoute {
    try HTTPRoute(config: ["api_path": .string(path), "http_method": .string(method)])
  }

  @Test(arguments: [
    ("/", "/", [:]), ("", "/", [:]), ("a", "/a", [:]), ("/a", "/a", [:]), ("/a/", "/a/", [:]),
    ("/:x", "/1", ["x": "1"]),
    ("/a/:x/b/:y", "/a/1/b/%202", ["x": "1", "y": "%202"]), ("/:", "/:", [:]),
  ])
  func routeMatches(_ path: String, _ request: String, _ values: [String: String]) throws {
    let found = try #require(Self.route(path).match(request))
    #expect(Dictionary(found.map { ($0.name, $0.value) }) { $1 } == values)
  }

  @Test(arguments: [
    ("/a", "/a/"), ("/a/", "/a"), ("/a", "/A"), ("/:x", "/"), ("/:x", "/1/2"), ("/a/:x", "/a"), ("/a", "/b"),
    ("/é", "/%C3%A9"),
  ])
  func routeDoesNotMatch(_ path: String, _ request: String) throws {
    #expect(try Self.route(path).match(request) == nil)
  }

  @Test func textPrecedesParameters() throws {
    var table = HTTPTriggerTable()
    table.routes = ["1": try Self.route("/:a/:b"), "2": try Self.route("/x/:b"), "3": try Self.route("/:a/y")]
    guard case .route(let id, _, let parameters) = table.match(method: "GET", path: "/x/y") else {
      Issue.record("no route")
      return
    }
    #expect(id == "2")
    #expect(parameters == ["b": "y"])
  }

  @Test func otherMethodsAreNamed() throws {
    var table = HTTPTriggerTable()
    table.routes = [
      "1": try Self.route("/a", "PUT"), "2": try Self.route("/:x", "post"), "3": try Self.route("/b", "GET"),
    ]
    #expect(table.match(method: "DELETE", path: "/a") == .otherMethods(["POST", "PUT"]))
    #expect(table.match(method: "HEAD", path: "/b") == .nothing)
    #expect(table.match(method: "GET", path: "/a/b") == .nothing)
  }

  // MARK: - Requests

  private static func head(_ text: String) throws -> HTTPHead {
    var input = ByteBuffer()
    input.append(text.replacing("\n", with: "\r\n"))
    var reader = HTTPHeadReader()
    return try #require(try reader.read(&input))
  }

  @Test(
    arguments: [
      ("/a", "/a", JSONObject()), ("/a?", "/a", [:]), ("/?a=1&b=2&a=3", "/", ["a": "3", "b": "2"]),
      ("/a%20b?x=%20+%2B&%C3%BC=%ff&%zz&=1&&c", "/a%20b", ["": "1", "%zz": "", "c": "", "x": "  +", "ü": "\u{FFFD}"]),
      ("http://x.example:1/a?b=c", "/a", ["b": "c"]), ("https://x.example?b=c", "/", ["b": "c"]), ("/a#b?c", "/a", [:]),
      ("/a?b=c=d", "/a", ["b": "c=d"]),
    ] as [(String, String, JSONObject)])
  func target(_ text: String, _ path: String, _ query: JSONObject) throws {
    let target = try #require(HTTPTarget(text))
    #expect(target.path == path)
    #expect(target.query == query)
  }

  @Test(arguments: ["a", "*", "", "ftp://x/a", "x.example:80"])
  func targetThatIsNoPath(_ text: String) { #expect(HTTPTarget(text) == nil) }

  @Test func headSaysWhatHasToBeKnown() throws {
    let head = try Self.head(
      """
      POST /a HTTP/1.1
      Host: x
      X-A: 1
      x-a: 2
      X-B: ü
      Content-Type: application/json; charset=utf-8
      Connection: keep-alive, Close
      Expect: 100-Continue
      Traceparent: t
      Baggage: b


      """)
    let request = try HTTPServerRequest(head)
    #expect(request.headers["x-a"] == "2")
    #expect(request.headers["x-b"] == "")
    #expect(request.isJSON && request.wantsClose && request.expectsContinue && !request.isOld)
    #expect(request.trace == TraceContext(traceparent: "t", baggage: "b"))
    #expect(
      request.payload(path: "/:p", parameters: ["p": "a"], body: 1)["trigger"] == [
        "type": "http", "path": "/:p", "method": "POST",
      ])
  }

  @Test func oldClientsCloseUnlessTheyKeep() throws {
    #expect(try HTTPServerRequest(Self.head("GET / HTTP/1.0\n\n")).wantsClose)
    #expect(try !HTTPServerRequest(Self.head("GET / HTTP/1.0\nConnection: Keep-Alive\n\n")).wantsClose)
  }

  // MARK: - Bodies

  /// The body in `text`, which arrives in pieces of so many bytes, and what is left.
  private static func body(_ headers: String, _ text: String, step: Int) throws -> (
    body: String, rest: String, isComplete: Bool
  ) {
    var reader = try HTTPBodyReader(head("POST / HTTP/1.1\n\(headers)\n\n"))
    var input = ByteBuffer()
    var body = ByteBuffer()
    var bytes = Array(text.utf8)[...]
    while true {
      try reader.read(&input) { body.append($0) }
      if bytes.isEmpty || reader.isComplete { break }
      input.append(Array(bytes.prefix(step)).span)
      bytes = bytes.dropFirst(step)
    }
    return (
      String(utf8: body.span) ?? "", (String(utf8: input.span) ?? "") + String(decoding: bytes, as: UTF8.self),
      reader.isComplete
    )
  }

  @Test(arguments: [1, 2, 3, 7, 1000])
  func framedBodies(_ step: Int) throws {
    #expect(try Self.body("Content-Length: 5", "helloGET", step: step) == ("hello", "GET", true))
    #expect(try Self.body("Content-Length: 5", "hell", step: step) == ("hell", "", false))
    #expect(try Self.body("X: y", "GET", step: step) == ("", "GET", true))
    let chunks = "5\r\nhello\r\n00001;a=b\r\n \r\nF\r\nworld, 15 bytes\r\n0\r\nA: b\r\nC: d\r\n\r\nGET"
    #expect(try Self.body("Transfer-Encoding: Chunked", chunks, step: step) == ("hello world, 15 bytes", "GET", true))
    #expect(try Self.body("Transfer-Encoding: chunked", "3\r\nab", step: step) == ("ab", "", false))
  }

  @Test(arguments: [
    ("Content-Length: x", ""), ("Content-Length: +1", ""), ("Content-Length: 9999999999999999", ""),
    ("Content-Length: 1\nContent-Length: 2", ""), ("Content-Length: 0\nTransfer-Encoding: chunked", ""),
    ("Transfer-Encoding: chunked, gzip", ""), ("Transfer-Encoding: chunked\nTransfer-Encoding: chunked", ""),
    ("Transfer-Encoding: chunked", "\r\n"), ("Transfer-Encoding: chunked", "-1\r\n"),
    ("Transfer-Encoding: chunked", "1\nx"),
    ("Transfer-Encoding: chunked", "123456789\r\n"), ("Transfer-Encoding: chunked", "1\r\nxyz"),
    ("Transfer-Encoding: chunked", "1\r\nx\n"),
    ("Transfer-Encoding: chunked", "0\r\n" + String(repeating: "a", count: 9000)),
    ("Transfer-Encoding: chunked", "0\r\n" + String(repeating: "a: b\r\n", count: 2000)),
  ])
  func badFraming(_ headers: String, _ text: String) {
    #expect(throws: HTTPRefusal.self) { try Self.body(headers, text, step: 1000) }
  }

  // MARK: - Answers

  @Test func controlMessages() {
    var reply = HTTPReply()
    for text in [
      #"{"type":"set_status","status_code":201}"#, #"{"type":"set_headers","headers":{"X-A":"1","X-B":2,"x-c":"3"}}"#,
      #"{"type":"set_headers","headers":{"x-a":"4"}}"#, #"{"type":"set_status","status_code":99}"#,
      #"{"type":"set_status","status_code":101}"#, #"{"type":"other"}"#, "no JSON", "[]", #"{"type":"set_headers"}"#,
    ] { reply.apply(control: text) }
    #expect(reply.status == 201)
    #expect(reply.headers == [HTTPHeader("x-c", "3"), HTTPHeader("x-a", "4")])
  }

  @Test func headIsWritten() {
    var reply = HTTPReply()
    reply.set("X-A", "1")
    func text(_ framing: HTTPReply.Framing, isLast: Bool = false) -> String {
      var output = ByteBuffer()
      reply.writeHead(into: &output, framing: framing, isLast: isLast, time: 784_111_777)
      return String(utf8: output.span)?.replacing("\r\n", with: "|") ?? ""
    }
    let start = "HTTP/1.1 200 OK|X-A: 1|Date: Sun, 06 Nov 1994 08:49:37 GMT|"
    #expect(text(.length(3)) == start + "Content-Length: 3||")
    #expect(text(.chunked, isLast: true) == start + "Transfer-Encoding: chunked|Connection: close||")
    #expect(text(.end) == start + "Connection: close||")
    reply.setStatus(204)
    #expect(text(.length(0)) == "HTTP/1.1 204 No Content|X-A: 1|Date: Sun, 06 Nov 1994 08:49:37 GMT||")
  }
}
