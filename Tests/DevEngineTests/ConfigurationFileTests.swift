import Testing

@testable import DevEngine

@Suite("The configuration file")
struct ConfigurationFileTests {
  private static func read(_ text: String) throws(ConfigurationProblem) -> [ListenerOptions] {
    let bytes = Array(text.utf8)
    return try ConfigurationFile.listeners(in: bytes.span)
  }

  @Test func everythingThatCanBeSaid() throws {
    let listeners = try Self.read(
      #"""
      {"listeners": [
        {"port": 0},
        {"port": 49135, "host": "::1", "handshake_timeout_ms": 500, "middleware_function_id": "m", "rbac": {
          "auth_function_id": "a", "on_function_registration_function_id": "f",
          "on_trigger_registration_function_id": "t", "on_trigger_type_registration_function_id": null,
          "expose_functions": [
            "match(\"x::*\")", " match('y')", {"match": "z::*", "namespace": "shop"},
            {"metadata": {"public": true, "team": "match(\"a*\")"}}
          ]}}
      ]}
      """#)
    #expect(listeners.count == 2)
    #expect(listeners[0] == ListenerOptions(port: 0))
    #expect(listeners[1].host == "::1" && listeners[1].port == 49135 && listeners[1].handshakeTimeout == 500)
    #expect(listeners[1].authority(port: 49135) == "[::1]:49135")
    #expect(listeners[1].rules.middleware == "m")
    let access = try #require(listeners[1].rules.access)
    #expect(access.authFunction == "a" && access.functionHook == "f" && access.triggerHook == "t")
    #expect(access.triggerTypeHook == nil)
    #expect(
      access.exposed == [
        ExposureFilter(condition: .id(WildcardPattern("x::*"))), ExposureFilter(condition: .id(WildcardPattern("y"))),
        ExposureFilter(condition: .id(WildcardPattern("z::*")), namespace: "shop"),
        ExposureFilter(condition: .metadata(["public": .exact(true), "team": .text(WildcardPattern("a*"))])),
      ])
  }

  @Test(arguments: ["{}", #"{"listeners":[]}"#, #"{"listeners":null}"#])
  func nothingMoreIsNoMistake(_ text: String) throws {
    #expect(try Self.read(text).isEmpty)
  }

  @Test(arguments: [
    ("listeners: []", "is no JSON: unexpected 'l' at byte 0"),
    ("", "is no JSON: the text ends inside a value, at byte 0"),
    ("[]", "is an array; give an object"),
    (#"{"port":1}"#, "port: is unknown; leave it out, or give one of listeners"),
    (#"{"listeners":{}}"#, "listeners: is an object; give a list"),
    (#"{"listeners":[1]}"#, "listeners[0]: is an integer; give an object"),
    (#"{"listeners":[{}]}"#, "listeners[0].port: is missing; give a port, or 0 for any free one"),
    (#"{"listeners":[{"port":"1"}]}"#, "listeners[0].port: is a string; give a whole number from 0 to 65535"),
    (#"{"listeners":[{"port":65536}]}"#, "listeners[0].port: is out of range; give a whole number from 0 to 65535"),
    (#"{"listeners":[{"port":1},{"port":1,"prot":2}]}"#, "listeners[1].prot: is unknown; leave it out, or give one of"),
    (
      #"{"listeners":[{"port":1,"host":"example.com"}]}"#, "listeners[0].host: 'example.com' is no IP address; give one"
    ),
    (#"{"listeners":[{"port":1,"handshake_timeout_ms":0}]}"#, "listeners[0].handshake_timeout_ms: is out of range"),
    (#"{"listeners":[{"port":1,"middleware_function_id":" "}]}"#, "listeners[0].middleware_function_id: is blank"),
    (#"{"listeners":[{"port":1,"rbac":[]}]}"#, "listeners[0].rbac: is an array; give an object"),
    (#"{"listeners":[{"port":1,"rbac":{"auth":"f"}}]}"#, "listeners[0].rbac.auth: is unknown; leave it out"),
    (
      #"{"listeners":[{"port":1,"rbac":{"expose_functions":["a::*"]}}]}"#,
      "listeners[0].rbac.expose_functions[0]: 'a::*' is no filter; write match(\"service::*\"), or"
    ),
    (
      #"{"listeners":[{"port":1,"rbac":{"expose_functions":[{"match":"a","metadata":{"b":1}}]}}]}"#,
      "listeners[0].rbac.expose_functions[0]: needs either match or metadata; give exactly one of them"
    ),
    (
      #"{"listeners":[{"port":1,"rbac":{"expose_functions":[{"metadata":{}}]}}]}"#,
      "listeners[0].rbac.expose_functions[0].metadata: has no members"
    ),
  ])
  func mistakeNamesItsPlaceAndARemedy(_ text: String, _ message: String) {
    #expect { try Self.read(text) } throws: { "\($0)".hasPrefix(message) }
  }

  @Test(arguments: [
    ("*", "", true), ("*", "a::b", true), ("a", "a", true), ("a", "ab", false), ("a*", "ab", true),
    ("*::public", "x::public", true), ("*::public", "x::publicly", false), ("a*b*c", "a1b2c", true),
    ("a*b*c", "acb", false), ("a*a", "a", false), ("**", "x", true), ("", "", true), ("", "x", false),
    ("*ab", "aab", true), ("grün*", "grünlich", true),
  ])
  func patternIsAboutTheWholeText(_ pattern: String, _ text: String, _ matches: Bool) {
    #expect(WildcardPattern(pattern).matches(text) == matches)
  }

  @Test(
    arguments: [
      (#"match("a")"#, "a"), (#"match('a')"#, "a"), (#"match("")"#, ""), (#"match("a"#, nil), ("a", nil),
      (#"match("a')"#, nil), (#"match(")"#, nil),
    ] as [(String, String?)])
  func patternInACall(_ text: String, _ pattern: String?) {
    #expect(WildcardPattern(call: text)?.text == pattern)
  }
}
