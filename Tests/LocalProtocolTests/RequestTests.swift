import LocalProtocol
import RawJSON
import Testing

/// Requests and notifications: local protocol, sections 1 and 4.
@Suite struct RequestTests {
  @Test(arguments: [
    (#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, "ping 1"),
    (#"{"id":"a","method":"status"}"#, #"status "a""#),
    (#"{"id":1,"method":"status","params":{}}"#, "status 1"),
    (#"{"id":1,"method":"status","params":null}"#, "status 1"),
    (#"{"method":"ping"}"#, "ping"),
    (#" { "id" : 1 , "method" : "ping" } "#, "ping 1"),
    (#"{"\u0069d":1,"m\u0065thod":"p\u0069ng"}"#, "ping 1"),
    (#"{"id":1,"id":2,"method":"status","method":"ping"}"#, "ping 2"),
    (#"{"id":1,"method":"ping","params":{"x-mine":[1],"x-":null}}"#, "ping 1"),
    (#"{"id":1,"method":"ping","extra":true}"#, "ping 1"),
    (#"{"id":1,"method":"ping","result":5}"#, "ping 1"),
    (#"{"method":"trigger","params":{"function_id":"f"}}"#, "trigger"),
    (#"{"method":"cancel","params":{"id":7}}"#, "cancel"),
  ])
  func understood(line: String, expected: String) { #expect(Script(line).outcome == expected) }

  /// Where the id is known the answer has it; else it has null.
  @Test(arguments: [
    ("", -32700, "null"), ("{", -32700, "null"), (#"{"id":1,"method":"ping"} x"#, -32700, "null"),
    ("5", -32600, "null"), (#""ping""#, -32600, "null"), ("null", -32600, "null"), ("{}", -32600, "null"),
    (#"{"id":3}"#, -32600, "3"), (#"{"id":3,"params":{}}"#, -32600, "3"),
    (#"{"id":null,"method":"ping"}"#, -32600, "null"), (#"{"id":1.5,"method":"ping"}"#, -32600, "null"),
    (#"{"id":true,"method":"ping"}"#, -32600, "null"), (#"{"id":[1],"method":"ping"}"#, -32600, "null"),
    (#"{"id":{},"method":"ping"}"#, -32600, "null"), (#"{"id":3,"method":5}"#, -32600, "3"),
    (#"{"id":3,"method":null}"#, -32600, "3"), (#"{"id":3,"jsonrpc":"1.0","method":"ping"}"#, -32600, "3"),
    (#"{"id":3,"jsonrpc":2.0,"method":"ping"}"#, -32600, "3"),
    (#"{"id":3,"jsonrpc":null,"method":"ping"}"#, -32600, "3"),
    (#"{"id":3,"method":"pong"}"#, -32601, "3"), (#"{"id":3,"method":""}"#, -32601, "3"),
    (#"{"id":3,"method":"PING"}"#, -32601, "3"), (#"{"id":3,"method":"no_such_method"}"#, -32601, "3"),
    (#"{"id":3,"method":"ping","params":[]}"#, -32602, "3"), (#"{"id":3,"method":"ping","params":[1]}"#, -32602, "3"),
    (#"{"id":3,"method":"ping","params":5}"#, -32602, "3"), (#"{"id":3,"method":"ping","params":"x"}"#, -32602, "3"),
    (#"{"id":3,"method":"ping","params":{"a":1}}"#, -32602, "3"),
    (#"{"method":"nothing"}"#, -32601, "null"), (#"{"method":"status"}"#, -32600, "null"),
    (#"{"method":"trigger","params":{"function_id":"f","timeout":1}}"#, -32602, "null"),
  ])
  func refused(line: String, code: Int, id: String) {
    let script = Script(line)
    #expect(script.error?.row.number == code)
    #expect(script.refusedID.map(\.description) ?? "null" == id)
  }

  @Test func anIDThatWouldBreakOurLineIsNotGivenBack() {
    let script = Script("{\"id\":\"a\u{1}\",\"method\":\"ping\"}")
    #expect(script.error?.row == .invalidRequest)
    #expect(script.refusedID == nil)
  }

  @Test func anUnknownMethodIsNamed() {
    #expect(
      Script(#"{"id":1,"method":"tr\u0069gger "}"#).outcome
        == #"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"METHOD_NOT_FOUND: there is no method \"trigger \"","#
        + #""data":{"code":"METHOD_NOT_FOUND","source":"iiid","retryable":false,"method":"trigger "}}}"# + "\n")
    let long = String(repeating: "m", count: 100_000)
    let name = Script("{\"id\":1,\"method\":\"\(long)\"}").error?.details.first?.value
    #expect(name == .string(String(repeating: "m", count: 64) + "…"))
  }

  @Test func anUnknownMemberIsNamed() {
    let error = Script(#"{"id":1,"method":"trigger","params":{"function_id":"f","timeout":5}}"#).error
    #expect(error?.row == .invalidParameters)
    #expect(error?.details == [.init(name: "member", value: .string("timeout"))])
    #expect(
      error?.text.hasPrefix("unknown member \"timeout\"; known: function_id, payload, action, timeout_ms") == true)
  }

  @Test func unknownMembersOfAnyLength() {
    for count in 1...80 {
      let name = String(repeating: "q", count: count)
      let error = Script("{\"id\":1,\"method\":\"ping\",\"params\":{\"\(name)\":1}}").error
      #expect(error?.row == .invalidParameters, "\(count)")
    }
  }

  /// Everything an engine would drop without a word, with the byte where it stands.
  @Test(arguments: [
    (#"{"id":1,"method":"trigger","params":{"function_id":"f","payload":1e400}}"#, 65, "number beyond a double"),
    (#"{"id":1,"method":"trigger","params":{"function_id":"f","payload":"\ud800"}}"#, 66, "lone surrogate escape"),
    (
      "{\"id\":1,\"method\":\"trigger\",\"params\":{\"function_id\":\"f\",\"payload\":\"\u{1}\"}}", 66,
      "unescaped control character in a string"
    ),
    (
      "{\"id\":1,\"method\":\"trigger\",\"params\":{\"function_id\":\"f\",\"payload\":"
        + String(repeating: "[", count: 127) + String(repeating: "]", count: 127) + "}}", 65 + 126,
      "nesting beyond 126 levels"
    ),
  ])
  func violations(line: String, offset: Int, reason: String) {
    let script = Script(line)
    #expect(script.error?.row == .invalidParameters)
    #expect(script.refusedID == RequestID(1))
    #expect(
      script.error?.details == [
        .init(name: "offset", value: .integer(offset)), .init(name: "reason", value: .string(reason)),
      ])
  }

  @Test func deepestPayloadIsTaken() {
    let payload = String(repeating: "[", count: 126) + String(repeating: "]", count: 126)
    let script = Script("{\"id\":1,\"method\":\"trigger\",\"params\":{\"function_id\":\"f\",\"payload\":\(payload)}}")
    #expect(script.outcome == "trigger 1")
  }

  @Test func aParseErrorHasItsOffset() {
    #expect(
      Script(#"{"id":1,]"#).outcome
        == #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"PARSE_ERROR: unexpected ']' at byte 8","#
        + #""data":{"code":"PARSE_ERROR","source":"iiid","retryable":false,"offset":8}}}"# + "\n")
  }
}
