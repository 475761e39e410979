import Testing

@testable import Transport

@Suite struct WebSocketURLTests {
  @Test(arguments: [
    ("ws://127.0.0.1:49134", false, "127.0.0.1", 49134, "/"),
    ("WS://host", false, "host", 80, "/"),
    ("wss://host/path?q=1", true, "host", 443, "/path?q=1"),
    ("wss://host?token=a/b", true, "host", 443, "/?token=a/b"),
    ("ws://[::1]:81/x", false, "::1", 81, "/x"),
    ("ws://[::1]", false, "::1", 80, "/"),
  ])
  func url_isTakenApart(_ text: String, _ isSecure: Bool, _ host: String, _ port: UInt16, _ target: String) throws {
    let url = try WebSocketURL(text)
    #expect(url == WebSocketURL(isSecure: isSecure, host: host, port: port, target: target))
    let again = try WebSocketURL(url.description)
    #expect(again == url)
  }

  @Test(arguments: [
    ("", WebSocketURLError.noScheme), ("host:80", .noScheme), ("http://host", .scheme("http")), ("ws://", .host),
    ("ws:///path", .host), ("ws://:80", .host), ("ws://[::1", .host), ("ws://[::1]x", .host), ("ws://h:", .port),
    ("ws://h:0", .port), ("ws://h:65536", .port), ("ws://h:+1", .port), ("ws://h:1a", .port),
    ("ws://u:p@h", .userInformation), ("ws://h/#f", .fragment), ("ws://h/ x", .unprintable), ("ws://h\n", .unprintable),
    ("ws://hö", .unprintable),
  ])
  func mistake_isNamed(_ text: String, _ mistake: WebSocketURLError) {
    #expect(throws: mistake) { try WebSocketURL(text) }
  }

  @Test func explicitPort_isNilForTheSchemesOwn() throws {
    #expect(try WebSocketURL("ws://h:80").explicitPort == nil)
    #expect(try WebSocketURL("wss://h:80").explicitPort == 80)
  }
}
