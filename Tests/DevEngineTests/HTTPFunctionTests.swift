import HTTPClient
import Testing
import WebSocket

@testable import DevEngine

@Suite("Functions that are called over HTTP")
struct HTTPFunctionTests {
  private static let id = "bbbbbbbb-0000-4000-8000-000000000000"

  private static func registration(_ invocation: String) -> String {
    #"{"type":"registerfunction","id":"web::f","invocation":\#(invocation)}"#
  }

  private static func call(_ data: String = "{}", more: String = "") -> String {
    #"{"type":"invokefunction","invocation_id":"\#(id)","function_id":"web::f","data":\#(data)\#(more)}"#
  }

  // MARK: - Registration

  @Test func isCalledOverHTTPAndItsAnswerIsTheResult() {
    var engine = Conversation()
    engine.join(1, name: "w")
    engine.join(2, name: "c")
    #expect(engine.send(1, Self.registration(#"{"url":"https://x.example/f"}"#)).isEmpty)
    #expect(engine.send(2, Self.call()) == ["http 1 web::f"])
    #expect(
      engine.end(call: 1, .success(HTTPResponse(status: 200, body: Array(#"{"b":1, "a":2}"#.utf8)))) == [
        #"2 {"type":"invocationresult","invocation_id":"\#(Self.id)","function_id":"web::f","result":{"a":2,"b":1}}"#
      ])
    #expect(engine.end(call: 1, .success(HTTPResponse(status: 200, body: []))).isEmpty, "an outcome counts once")
  }

  @Test func belongsToItsWorker() {
    var engine = Conversation()
    engine.join(1, name: "w")
    engine.join(2, name: "c")
    engine.send(1, Self.registration(#"{"url":"https://x.example/f"}"#))
    #expect(engine.send(2, #"{"type":"registerfunction","id":"web::f"}"#)[0].contains("FUNCTION_NAMESPACE_CONFLICT"))
    _ = engine.send(2, Self.call())
    _ = engine.disconnect(1)
    // What is under way does not need the worker any more; the next call does.
    #expect(engine.end(call: 1, .success(HTTPResponse(status: 200, body: [])))[0].contains("invocationresult"))
    #expect(engine.send(2, Self.call())[0].contains("function_not_found"))
  }

  @Test(arguments: [
    #"{}"#, #"{"url":1}"#, #"{"url":"https://a","method":"HEAD"}"#, #"{"url":"https://a","headers":null}"#,
    #"{"url":"https://a","headers":{"a":1}}"#, #"{"url":"https://a","auth":{"type":"basic"}}"#,
    #"{"url":"https://a","auth":{"type":"bearer"}}"#, #"{"url":"https://a","auth":{"type":"api_key","header":"x"}}"#,
    #"{"url":"https://a","timeout_ms":"1"}"#, #""https://a""#,
  ])
  func undecodableInvocationDropsTheFrame(_ invocation: String) {
    var engine = Conversation()
    engine.join(1, name: "w")
    #expect(engine.send(1, Self.registration(invocation)) == ["dropped"])
  }

  @Test(arguments: [
    (HTTPFunctionRule.strict, "http://x.example/"), (.strict, "https://127.0.0.1/"), (.strict, "https://LOCALHOST/"),
    (.strict, "https://[::1]:8080/"), (.strict, "https://u@10.1.2.3/"), (.strict, "https://a@b@192.168.0.1"),
    (.strict, "ftp://x.example/"), (.strict, "x.example"), (.strict, "https:///f"), (.any, "ftp://x.example/"),
    (.any, "file:///etc/passwd"), (.any, "http://a b/"), (.off, "https://x.example/"),
  ])
  func refusedURLRegistersNothing(_ rule: HTTPFunctionRule, _ url: String) {
    var engine = Conversation(httpFunctions: rule)
    engine.join(1, name: "w")
    #expect(engine.send(1, Self.registration(#"{"url":"\#(url)"}"#)).isEmpty)
    #expect(engine.send(1, Self.call())[0].contains("function_not_found"))
  }

  @Test(arguments: [
    (HTTPFunctionRule.strict, "https://x.example/f?q=1"), (.strict, "HTTPS://93.184.216.34:8443"),
    (.strict, "https://[2606:2800:220:1::1]/"), (.any, "http://127.0.0.1:1/f"), (.any, "http://localhost"),
  ])
  func allowedURL(_ rule: HTTPFunctionRule, _ url: String) { #expect(rule.objection(to: url) == nil) }

  @Test(arguments: [
    #"{"type":"bearer","token_key":"NONE"}"#, #"{"type":"hmac","secret_key":"NONE"}"#,
    #"{"type":"api_key","header":"x","value_key":"NONE"}"#, #"{"type":"api_key","header":"a b","value_key":"KEY"}"#,
    #"{"type":"bearer","token_key":"LINES"}"#,
  ])
  func withoutItsSecretItIsNotRegistered(_ auth: String) {
    var engine = Conversation(environment: ["KEY": "k", "LINES": "a\r\nb: c"])
    engine.join(1, name: "w")
    #expect(engine.send(1, Self.registration(#"{"url":"https://a","auth":\#(auth)}"#)).isEmpty)
    #expect(engine.send(1, Self.call())[0].contains("function_not_found"))
  }

  @Test func callsUnderWayAreLimited() {
    var engine = Conversation()
    engine.join(1, name: "w")
    engine.send(1, Self.registration(#"{"url":"https://x.example/f"}"#))
    for number in 1...HTTPFunctionTable.maximumCalls {
      #expect(engine.send(1, Self.call()) == ["http \(number) web::f"])
    }
    #expect(engine.send(1, Self.call())[0].contains(#""code":"http_request_failed""#))
    _ = engine.end(call: 1, .failure(.request("no")))
    #expect(engine.send(1, Self.call()) == ["http \(HTTPFunctionTable.maximumCalls + 1) web::f"])
  }

  // MARK: - Requests

  /// The request for one call of a function so registered.
  private func made(_ invocation: String, _ call: String = call(), environment: [String: String] = [:])
    -> HTTPRequest?
  {
    var engine = Conversation(environment: environment)
    engine.join(1, name: "w")
    engine.send(1, Self.registration(invocation))
    _ = engine.send(1, call)
    return engine.callsOverHTTP.last?.request(at: 1_700_000_000)
  }

  @Test func requestSaysWhatIsCalled() throws {
    let trace =
      #","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","baggage":"iii.function.id=a%3A%3Ab""#
    let request = try #require(
      made(
        #"{"url":"https://x.example/f","headers":{"X-B":"2","X-A":""},"timeout_ms":0}"#, Self.call("[1]", more: trace)))
    #expect(request.method == "POST")
    #expect(request.url == "https://x.example/f")
    #expect(request.body == Array("[1]".utf8))
    #expect(request.timeout == 1)
    #expect(request.isStrict)
    #expect(
      request.headers == [
        HTTPHeader("Content-Type", "application/json"), HTTPHeader("x-iii-Function-Path", "web::f"),
        HTTPHeader("x-iii-Invocation-ID", Conversation.id(3)), HTTPHeader("x-iii-Timestamp", "1700000000"),
        HTTPHeader("x-iii-Caller-Function", "a::b"),
        HTTPHeader("x-iii-Trace-ID", "0af7651916cd43dd8448eb211c80319c"), HTTPHeader("X-A", ""), HTTPHeader("X-B", "2"),
      ])
  }

  @Test func objectsNameTheCallingWorker() throws {
    let request = try #require(made(#"{"url":"https://a","method":"DELETE","timeout_ms":5}"#))
    #expect(request.method == "DELETE")
    #expect(request.timeout == 5)
    #expect(String(decoding: request.body, as: UTF8.self) == #"{"_caller_worker_id":"\#(Conversation.id(1))"}"#)
  }

  @Test func contentTypeOfItsOwn() throws {
    let request = try #require(made(#"{"url":"https://a","headers":{"content-type":"text/plain"}}"#))
    #expect(
      request.headers.filter { $0.name.lowercased() == "content-type" } == [HTTPHeader("content-type", "text/plain")])
  }

  @Test func credentials() throws {
    let environment = ["TOKEN": "t", "VALUE": "v", "SECRET": "s"]
    func last(_ auth: String) throws -> HTTPHeader? {
      try #require(made(#"{"url":"https://a","auth":\#(auth)}"#, Self.call("1"), environment: environment)).headers
        .last
    }
    #expect(try last(#"{"type":"bearer","token_key":"TOKEN"}"#) == HTTPHeader("Authorization", "Bearer t"))
    #expect(try last(#"{"type":"api_key","header":"X-Key","value_key":"VALUE"}"#) == HTTPHeader("X-Key", "v"))
    // printf %s 1700000000:MQ== | openssl dgst -sha256 -hmac s
    #expect(
      try last(#"{"type":"hmac","secret_key":"SECRET"}"#)
        == HTTPHeader("x-iii-Signature", "sha256=cc644484cef124062e4cf8d413bf6e31b2ed4b20e761101de07826ecdb67218c"))
  }

  @Test func secretsAreNotDescribed() {
    #expect("\(HTTPEndpoint.Credentials.bearer(token: "geheim"))" == "bearer")
    #expect("\(HTTPEndpoint.Credentials.apiKey(header: "x", value: "geheim"))" == "api_key x")
    #expect("\(HTTPEndpoint.Credentials.hmac(secret: "geheim"))" == "hmac")
  }

  /// RFC 4231, sections 4.2 and 4.3, and a key longer than a block, section 4.7.
  @Test func signaturesAreThoseOfTheStandard() {
    #expect(
      Signature.hex(of: "Hi There", key: String(repeating: "\u{0b}", count: 20))
        == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
    #expect(
      Signature.hex(of: "what do ya want for nothing?", key: "Jefe")
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    #expect(
      Signature.hex(of: "", key: "") == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
  }

  // MARK: - Answers

  @Test(arguments: [
    (200, "", nil, nil), (200, "null", JSONValue.null, nil), (201, "[1]", .array([1]), nil),
    (200, "hello", nil, "invalid_response"), (200, "1e400", nil, "invalid_response"), (301, "<html>", nil, nil),
    (302, #"{"a":1}"#, .object(["a": 1]), nil), (404, "", nil, "http_error: HTTP 404 Not Found"),
    (500, #"{"error":{"code":"X","message":"m"}}"#, nil, "X: m"),
    (500, #"{"error":{"code":"X"}}"#, nil, "X: HTTP request failed"),
    (400, #"{"error":"text"}"#, nil, "http_error: HTTP request failed"),
    (400, #"{"code":"X","message":"m"}"#, nil, "http_error: HTTP 400 Bad Request"),
    (599, "x", nil, "http_error: HTTP 599 <unknown status code>"),
  ])
  func answer(_ status: Int, _ body: String, _ result: JSONValue?, _ error: String?) {
    let outcome = HTTPFunctionOutcome(HTTPResponse(status: status, body: Array(body.utf8)))
    #expect(outcome.result == result)
    #expect((outcome.error == nil) == (error == nil))
    let said = "\(outcome.error?.code ?? ""): \(outcome.error?.message ?? "")"
    if let error { #expect(said.hasPrefix(error)) }
  }

  @Test(arguments: [
    (HTTPFailure.privateAddress, "url_validation_failed"), (.request("no"), "http_request_failed"),
    (.response("no"), "http_response_failed"), (.tooLarge(limit: 5), "http_response_failed"),
  ])
  func noAnswer(_ failure: HTTPFailure, _ code: String) {
    #expect(HTTPFunctionOutcome(failure).error?.code == code)
  }
}
