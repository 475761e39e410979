import Testing

@testable import DevEngine

@Suite("Frames")
struct FrameTests {
  @Test(arguments: [
    "not json", "[]", "{}", "null", "\"x\"", #"{"type":"nosuchtype"}"#, #"{"type":"invokefunction"}"#,
    #"{"type":"registerfunction"}"#, #"{"type":5}"#,
    #"{"type":"invokefunction","invocation_id":"no-uuid","function_id":"f","data":{}}"#,
    #"{"type":"invokefunction","invocation_id":5,"function_id":"f","data":{}}"#,
    #"{"type":"invokefunction","function_id":null,"data":{}}"#,
    #"{"type":"invokefunction","function_id":"f"}"#,
    #"{"type":"invokefunction","function_id":"f","data":{},"action":{"type":"nosuch"}}"#,
    #"{"type":"invokefunction","function_id":"f","data":{},"action":{"type":"enqueue"}}"#,
    #"{"type":"invokefunction","function_id":"f","data":{},"action":"void"}"#,
    #"{"type":"invokefunction","function_id":"f","data":{},"traceparent":1}"#,
    #"{"type":"invokefunction","function_id":"f","data":{},"namespace":1}"#,
    #"{"type":"invokefunction","function_id":"f","data":1e400}"#,
    #"{"type":"invokefunction","function_id":"f","data":1.7976931348623159e308}"#,
    #"{"type":"invokefunction","function_id":"f","data":"\ud83d"}"#,
    #"{"type":"invokefunction","function_id":"f","data":01}"#,
    "{\"type\":\"invokefunction\",\"function_id\":\"f\",\"data\":\"a\tb\"}",
    #"{"type":"invocationresult","invocation_id":"00000000-0000-4000-8000-000000000004","function_id":"f","error":{"code":"X"}}"#,
    #"{"type":"invocationresult","invocation_id":"00000000-0000-4000-8000-000000000004","function_id":"f","error":"x"}"#,
    #"{"type":"invocationresult","invocation_id":"00000000-0000-4000-8000-000000000004"}"#,
    #"{"type":"registertrigger","id":"a","trigger_type":"t","function_id":"f"}"#,
    #"{"type":"unregistertriggertype","id":"t"}"#,
    #"{"type":"observe","id":"o","source":{"function_id":"f"},"target":{"function_id":"g"}}"#,
    #"{"type":"unobserve","id":"o"}"#,
    #"{"type":"observerack","function_id":"f","id":"o","revision":1}"#,
    #"{"type":"invocationsobserved","items":[]}"#,
    #"{"type":"localinvocationstats","window_ms":10000,"functions":[],"dropped_reports":[]}"#,
  ])
  func dropped(_ text: String) {
    var engine = Conversation()
    engine.join(1, name: "a")
    #expect(engine.send(1, text) == ["dropped"])
    #expect(engine.send(1, #"{"type":"ping"}"#) == [#"1 {"type":"pong"}"#])
  }

  @Test func nestingIsBoundedAt126LevelsOfAPayload() {
    let frame = { (levels: Int) in
      #"{"type":"invokefunction","function_id":"f","data":"# + String(repeating: "[", count: levels)
        + String(repeating: "]", count: levels) + "}"
    }
    var engine = Conversation()
    engine.join(1, name: "a")
    #expect(engine.send(1, frame(126)).isEmpty)
    #expect(engine.send(1, frame(127)) == ["dropped"])
  }

  @Test func whatIsTolerated() {
    var engine = Conversation()
    engine.join(1, name: "a")
    #expect(engine.send(1, "  \n").isEmpty)
    #expect(engine.send(1, #"{"type":"pong"}"#).isEmpty)
    #expect(engine.send(1, #"{"surprise":{"a":[1]},"type":"ping"}"#) == [#"1 {"type":"pong"}"#])
    #expect(engine.send(1, #"{"type":"registerservice","id":"inv","name":"x"}"#).isEmpty)
    #expect(
      engine.send(
        1, #"{"type":"invocationresult","invocation_id":"00000000-0000-4000-8000-000000000004","function_id":"x"}"#
      )
      .isEmpty)
  }
}
