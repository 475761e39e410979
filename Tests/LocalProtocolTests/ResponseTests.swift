import LocalProtocol
import Testing

/// Answers of workers to requests of ours.
@Suite struct ResponseTests {
  @Test(arguments: [
    (#"{"id":"d1","result":{"used_percent":17}}"#, #"response d1 {"used_percent":17}"#),
    (#"{"jsonrpc":"2.0","id":"d1","result":null}"#, "response d1 null"),
    (#"{"id":"d12345","result":  1.0  }"#, "response d12345 1.0"),
    (#"{"id":"d1","result":5,"error":null}"#, "response d1 5"),
    (#"{"id":"d1","result":1,"result":2}"#, "response d1 2"),
    (#"{"result":5}"#, "response ? 5"), (#"{"id":1,"result":5}"#, "response ? 5"),
    (#"{"id":null,"result":5}"#, "response ? 5"),
    (#"{"id":"d","result":5}"#, "response ? 5"), (#"{"id":"d0","result":5}"#, "response ? 5"),
    (#"{"id":"d01","result":5}"#, "response ? 5"), (#"{"id":"d1x","result":5}"#, "response ? 5"),
    (#"{"id":"e1","result":5}"#, "response ? 5"), (#"{"id":"d99999999999999999999","result":5}"#, "response ? 5"),
    (#"{"id":"d999999999999999999","result":5}"#, "response d999999999999999999 5"),
    (
      #"{"id":"d1","error":{"code":"OUT_OF_STOCK","message":"none left"}}"#,
      #"response d1 code="OUT_OF_STOCK" message="none left" stacktrace=-"#
    ),
    (
      #"{"id":"d1","error":{"code":-32000,"message":"boom","data":{"stacktrace":"at x\ny"}}}"#,
      #"response d1 code=- message="boom" stacktrace="at x\ny""#
    ),
    (
      #"{"id":"d1","error":{"code":"E","message":"m","stacktrace":"t"}}"#,
      #"response d1 code="E" message="m" stacktrace="t""#
    ),
    (#"{"id":"d1","error":{"code":"","message":5,"data":"x"}}"#, "response d1 code=- message=- stacktrace=-"),
    (#"{"id":"d1","error":{}}"#, "response d1 code=- message=- stacktrace=-"),
    (#"{"id":"d1","error":"boom"}"#, #"response d1 code=- message="boom" stacktrace=-"#),
    (#"{"id":"d1","result":1,"error":{"code":"E"}}"#, #"response d1 code="E" message=- stacktrace=-"#),
    (
      #"{"id":"d1","error":null}"#,
      "response d1 unusable: the worker's answer is malformed: its error is null and it has no result"
    ),
    (
      #"{"id":"d1","error":5}"#,
      "response d1 unusable: the worker's answer is malformed: its error is neither an object nor a string"
    ),
    (
      #"{"jsonrpc":"1.0","id":"d1","result":5}"#,
      "response d1 unusable: the worker's answer is malformed: its jsonrpc is not \"2.0\""
    ),
    (
      #"{"id":"d1","result":1e400}"#,
      "response d1 unusable: the worker's answer is nothing that the engine would take: number beyond a double at byte 20"
    ),
    (
      #"{"id":"d1","error":{"code":"E","message":"\udc00"}}"#,
      "response d1 unusable: the worker's answer is nothing that the engine would take: lone surrogate escape at byte 42"
    ),
  ])
  func understood(line: String, expected: String) { #expect(Script(line).outcome == expected) }

  /// The worker is told which answer was meant, under an id of null.
  @Test func theErrorLineForAnUnusableAnswer() throws {
    let script = Script(#"{"id":"d7","result":["\ud800"]}"#)
    let response = try #require(script.response)
    guard case .unusable(_, let error) = response.outcome else {
      Issue.record("not unusable")
      return
    }
    let token = try #require(response.id)
    let line = written { DaemonMessage.error(nil, error.inReplyTo(token, in: script.line.utf8.span), to: &$0) }
    #expect(
      line
        == #"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"INVALID_REQUEST: the engine would not take "#
        + #"this answer: lone surrogate escape at byte 22","data":{"code":"INVALID_REQUEST","source":"iiid","retryable":false,"#
        + #""offset":22,"reason":"lone surrogate escape","in_reply_to":"d7"}}}"# + "\n")
  }

  @Test func anIDThatCannotBeGivenBackIsLeftOut() {
    let error = LocalError.invalidRequest("x")
    #expect(error.inReplyTo(0..<3, in: "\"\u{1}\"".utf8.span) == error)
    #expect(error.inReplyTo(nil, in: "".utf8.span) == error)
    let long = "\"" + String(repeating: "d", count: 2000) + "\""
    #expect(error.inReplyTo(0..<2002, in: long.utf8.span) == error)
  }

  @Test func resultsKeepTheirBytes() throws {
    for value in [
      "9007199254740993", "12345678901234567890", "0.1234567890123456789012345678901234567890", "1.0", "-0",
      #"{"b":1,"a":2,"b":3}"#, "[ 1 ,\t2 ]", #""\u0000\ud83d\ude00\/""#, "1e2", "\"é\"",
    ] {
      let script = Script("{\"id\":\"d1\",\"result\":\(value)}")
      #expect(script.outcome == "response d1 \(value)")
    }
  }

  @Test func deepestResultIsTaken() {
    func nested(_ levels: Int) -> Script {
      Script(
        #"{"id":"d1","result":"# + String(repeating: "[", count: levels) + String(repeating: "]", count: levels) + "}")
    }
    if case .result = nested(126).response?.outcome {} else { Issue.record("126 levels were refused") }
    if case .unusable = nested(127).response?.outcome {} else { Issue.record("127 levels were taken") }
  }
}
