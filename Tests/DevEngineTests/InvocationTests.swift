import Testing

@testable import DevEngine

@Suite("Invocations")
struct InvocationTests {
  private static let id = "bbbbbbbb-0000-4000-8000-000000000000"

  /// A worker 1 with function `f`, and a caller 2.
  private func pair(_ options: Conversation = Conversation()) -> (engine: Conversation, caller: String) {
    var engine = options
    engine.join(1, name: "executor")
    let caller = engine.join(2, name: "caller")
    engine.send(1, #"{"type":"registerfunction","id":"f"}"#)
    return (engine, caller)
  }

  private func call(_ members: String) -> String {
    #"{"type":"invokefunction","invocation_id":"\#(Self.id)",\#(members)}"#
  }

  private func result(_ members: String, id: String = id) -> String {
    #"{"type":"invocationresult","invocation_id":"\#(id)","function_id":"f",\#(members)}"#
  }

  @Test func callAndResult() {
    var (engine, caller) = pair()
    #expect(
      engine.send(2, call(#""function_id":"f","data":{"a":1}"#)) == [
        #"1 {"type":"invokefunction","invocation_id":"\#(Self.id)","function_id":"f","#
          + #""data":{"_caller_worker_id":"\#(caller)","a":1}}"#
      ])
    #expect(engine.state.pending.count == 1)
    #expect(engine.send(1, result(#""result":{"ok":true}"#)) == ["2 " + result(#""result":{"ok":true}"#)])
    #expect(engine.state.pending.isEmpty)
    // The first outcome wins.
    #expect(engine.send(1, result(#""result":2"#)).isEmpty)
  }

  @Test func forgedCallerIsOverwrittenAndOnlyObjectsGainOne() {
    var (engine, caller) = pair()
    let forged = engine.send(2, call(#""function_id":"f","data":{"_caller_worker_id":"forged"}"#))
    #expect(forged[0].contains(#""data":{"_caller_worker_id":"\#(caller)"}"#))
    _ = engine.send(1, result(#""result":1"#))
    #expect(engine.send(2, call(#""function_id":"f","data":[1,null]"#))[0].contains(#""data":[1,null]}"#))
  }

  @Test(arguments: [#""result":null"#, #""x":1"#])
  func nullResultIsLeftOut(_ members: String) {
    var (engine, _) = pair()
    engine.send(2, call(#""function_id":"f","data":null"#))
    #expect(
      engine.send(1, result(members)) == [
        #"2 {"type":"invocationresult","invocation_id":"\#(Self.id)","function_id":"f"}"#
      ])
  }

  @Test func errorBeatsResultAndKeepsItsStack() {
    var (engine, _) = pair()
    engine.send(2, call(#""function_id":"f","data":null"#))
    let error = #""error":{"code":"X","message":"y","stacktrace":"z\n"}"#
    #expect(engine.send(1, result(#""result":1,"# + error)) == ["2 " + result(error)])
  }

  @Test func unusableResultLeavesTheCallOpen() {
    var (engine, _) = pair()
    engine.send(2, call(#""function_id":"f","data":null"#))
    #expect(engine.send(1, result(#""error":{"code":"X"}"#)) == ["dropped"])
    #expect(engine.send(1, result(#""result":1e400"#)) == ["dropped"])
    #expect(engine.send(1, result(#""result":2"#)).count == 1)
  }

  @Test func voidGetsAnIdOfTheEnginesAndNoAnswer() {
    var (engine, _) = pair()
    let sent = engine.send(2, call(#""function_id":"f","data":1,"action":{"type":"void"}"#))
    #expect(sent.count == 1)
    #expect(!sent[0].contains(Self.id))
    #expect(engine.send(1, result(#""result":1"#, id: Conversation.id(5))).isEmpty)
    #expect(engine.state.pending.isEmpty)
    #expect(engine.send(2, call(#""function_id":"nowhere","data":1,"action":{"type":"void"}"#)).isEmpty)
    #expect(engine.send(2, #"{"type":"invokefunction","function_id":"f","data":1}"#).count == 1)
  }

  @Test func notFoundNamesWhereItIs() {
    var (engine, _) = pair()
    engine.join(3, name: "s", namespace: "shop")
    engine.join(4, name: "t", namespace: "bar")
    engine.send(3, #"{"type":"registerfunction","id":"g"}"#)
    engine.send(4, #"{"type":"registerfunction","id":"g"}"#)
    let texts = [
      #""function_id":"no","data":{}"#: "Function no not found in namespace default.",
      #""function_id":"g","data":{}"#:
        "Function g not found in namespace default. It is registered in namespace(s): bar, shop.",
      #""function_id":"f","data":{},"namespace":"shop""#:
        "Function f not found in namespace shop. It is registered in namespace(s): default.",
    ]
    for (members, text) in texts {
      #expect(engine.send(2, call(members))[0].contains(#""error":{"code":"function_not_found","message":"\#(text)"}"#))
    }
    #expect(engine.send(2, call(#""function_id":"g","data":{},"namespace":"shop""#))[0].hasPrefix("3 "))
    #expect(engine.send(2, call(#""function_id":"f","data":{},"namespace":" ""#))[0].contains("INVALID_NAMESPACE"))
  }

  @Test func traceContextAndMetadataPass() {
    var (engine, caller) = pair()
    let trace = #""traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01""#
    let members = #""function_id":"f","data":{},"metadata":[1,null],\#(trace),"baggage":"s=1,iii.function.id=g""#
    #expect(
      engine.send(2, call(members)) == [
        #"1 {"type":"invokefunction","invocation_id":"\#(Self.id)","function_id":"f","#
          + #""data":{"_caller_worker_id":"\#(caller)"},\#(trace),"baggage":"s=1,iii.function.id=f","metadata":[1,null]}"#
      ])
    #expect(
      engine.send(1, result(#""result":1,"traceparent":"00-other""#)) == [
        "2 " + result(#""result":1,\#(trace),"baggage":"s=1,iii.function.id=g""#)
      ])
  }

  @Test func lostExecutorFailsItsCallsInOrder() {
    var (engine, _) = pair()
    let ids = (1...9).map { "cccccccc-0000-4000-8000-00000000000\($0)" }
    for id in ids { engine.send(2, #"{"type":"invokefunction","invocation_id":"\#(id)","function_id":"f","data":1}"#) }
    let lost = engine.disconnect(1)
    #expect(lost.count == 9)
    for (line, id) in zip(lost, ids) {
      #expect(line.hasPrefix(#"2 {"type":"invocationresult","invocation_id":"\#(id)","#))
      #expect(line.hasSuffix(#""error":{"code":"invocation_stopped","message":"Invocation stopped"}}"#))
    }
    #expect(engine.state.functions.isEmpty)
  }

  @Test func lostCallerIsForgotten() {
    var (engine, _) = pair()
    engine.send(2, call(#""function_id":"f","data":1"#))
    #expect(engine.disconnect(2).isEmpty)
    #expect(engine.state.pending.isEmpty)
    #expect(engine.send(1, result(#""result":1"#)).isEmpty)
  }

  @Test func lostWorkerThatCallsItselfHearsNothing() {
    var (engine, _) = pair()
    engine.send(1, call(#""function_id":"f","data":1"#))
    #expect(engine.disconnect(1).isEmpty)
    #expect(engine.state.pending.isEmpty)
  }

  @Test func secondCallUnderTheSameIdTakesItOver() {
    var (engine, _) = pair()
    engine.send(2, call(#""function_id":"f","data":1"#))
    let second = engine.send(2, call(#""function_id":"f","data":2"#))
    #expect(second.count == 2)
    #expect(second[0].contains(#""error":{"code":"invocation_error""#))
    #expect(engine.send(1, result(#""result":2"#)).count == 1)
  }

  @Test func ownership() {
    var (engine, _) = pair()
    let owner = engine.state.workers[1]?.id ?? ""
    #expect(
      engine.send(2, #"{"type":"registerfunction","id":"f"}"#) == [
        #"2 {"type":"registrationrejected","code":"FUNCTION_NAMESPACE_CONFLICT","namespace":"default","#
          + #""function_id":"f","owner_worker_id":"\#(owner)"}"#
      ])
    engine.send(2, #"{"type":"unregisterfunction","id":"f"}"#)
    #expect(engine.state.functions.count == 1)
    #expect(engine.send(1, #"{"type":"registerfunction","id":"f","description":"two"}"#).isEmpty)
    #expect(engine.state.functions[FunctionKey(id: "f")]?.definition.description == "two")
    engine.send(1, #"{"type":"unregisterfunction","id":"f"}"#)
    #expect(engine.state.functions.isEmpty)
    engine.join(3, name: "s", namespace: "shop")
    #expect(
      engine.send(3, #"{"type":"registerfunction","id":"engine::mine"}"#) == [
        #"3 {"type":"registrationrejected","code":"FUNCTION_NAMESPACE_CONFLICT","namespace":"shop","#
          + #""function_id":"engine::mine","owner_worker_id":""}"#
      ])
  }

  @Test func messagesBeyond1MiBDoNotReachThoseWhoWouldBreak() {
    var engine = Conversation()
    engine.join(1, name: "old", more: #","runtime":"python""#)
    engine.join(2, name: "new", more: #","runtime":"python","features":["large-messages.v1"]"#)
    engine.send(1, #"{"type":"registerfunction","id":"f"}"#)
    engine.send(2, #"{"type":"registerfunction","id":"g"}"#)
    let large = String(repeating: "x", count: 1_100_000)
    let refused = engine.send(2, call(#""function_id":"f","data":"\#(large)""#))
    #expect(refused.count == 1)
    #expect(refused[0].hasPrefix("2 ") && refused[0].contains(#""code":"payload_too_large""#))
    #expect(engine.send(1, call(#""function_id":"g","data":"\#(large)""#)).count == 1)
    let answer = engine.send(
      2, #"{"type":"invocationresult","invocation_id":"\#(Self.id)","function_id":"g","result":"\#(large)"}"#)
    #expect(answer.count == 1)
    #expect(answer[0].hasPrefix("1 ") && answer[0].contains(#""code":"payload_too_large""#))
  }
}
