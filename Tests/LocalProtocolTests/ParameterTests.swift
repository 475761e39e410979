import Bytes
import LocalProtocol
import RawJSON
import Testing

/// The typed arguments: every member lands in its own field.
@Suite struct ParameterTests {
  @Test func triggerWithEverything() throws {
    let script = Script(
      #"{"id":1,"method":"trigger","params":{"wait_connected_ms":7,"function_id":"a::\u0062","payload":{"z": 1e2},"#
        + #""action":{"queue":"j\nq","type":"enqueue"},"timeout_ms":5,"metadata":[1],"namespace":"n","#
        + #""traceparent":"tp","baggage":"bg","durability":"disk","ttl_ms":9}}"#)
    let request = try #require(script.request)
    let trigger = TriggerParameters(request.arguments, script.reader, script.line.utf8.span)
    #expect(script.text(trigger.functionID) == #""a::\u0062""#)
    #expect(trigger.functionName(in: script.line.utf8.span) == "a::b")
    #expect(trigger.payload.map(script.text) == #"{"z": 1e2}"#)
    #expect(trigger.timeout == 5)
    #expect(trigger.waitConnected == 7)
    #expect(trigger.isDurable && trigger.timeToLive == 9)
    #expect(trigger.metadata.map(script.text) == "[1]")
    #expect(trigger.namespace.map(script.text) == #""n""#)
    #expect(trigger.traceparent.map(script.text) == #""tp""#)
    #expect(trigger.baggage.map(script.text) == #""bg""#)
    guard case .enqueue(let queue) = trigger.action else {
      Issue.record("not enqueue")
      return
    }
    #expect(script.text(queue) == #""j\nq""#)
  }

  @Test func triggerWithTheDefaults() throws {
    let script = Script(#"{"id":1,"method":"trigger","params":{"function_id":"f"}}"#)
    let request = try #require(script.request)
    let trigger = TriggerParameters(request.arguments, script.reader, script.line.utf8.span)
    #expect(trigger.payload == nil)
    #expect(trigger.action == .synchronous)
    #expect(trigger.timeout == 30_000)
    #expect(trigger.waitConnected == 0)
    #expect(!trigger.isDurable && trigger.timeToLive == nil)
    #expect(trigger.metadata == nil)
    #expect(trigger.namespace == nil)
    #expect(trigger.traceparent == nil)
    #expect(trigger.baggage == nil)
  }

  /// What was read before on the same connection must not show.
  @Test func aReaderForgetsTheLastAction() throws {
    var reader = MessageReader()
    func action(_ line: String) throws -> TriggerParameters.Action {
      guard case .request(let request) = reader.read(line.utf8.span) else { throw LocalError.invalidRequest(line) }
      return TriggerParameters(request.arguments, reader, line.utf8.span).action
    }
    let enqueue = #"{"id":1,"method":"trigger","params":{"function_id":"f","action":{"type":"enqueue","queue":"q"}}}"#
    if case .enqueue = try action(enqueue) {} else { Issue.record("not enqueue") }
    #expect(try action(#"{"id":1,"method":"trigger","params":{"function_id":"f","action":{"type":"void"}}}"#) == .void)
    if case .enqueue = try action(enqueue) {} else { Issue.record("not enqueue") }
    #expect(try action(#"{"id":1,"method":"trigger","params":{"function_id":"f"}}"#) == .synchronous)
    #expect(try action(#"{"id":1,"method":"trigger","params":{"function_id":"f","action":null}}"#) == .synchronous)
  }

  /// 2^53+1, 20 digits, 40 digits, 1.0, -0, order, duplicates, white space, U+0000, pairs: as they came.
  @Test(arguments: [
    "9007199254740993", "12345678901234567890", "0.1234567890123456789012345678901234567890", "1.0", "-0",
    #"{"b":1,"a":2,"b":3}"#, "[ 1 ,\t2 ]", #""\u0000\ud83d\ude00\/""#, "1e2", "\"é😀\"", "null", "{}",
  ])
  func payloadsKeepTheirBytes(payload: String) throws {
    for line in [
      "{\"id\":1,\"method\":\"trigger\",\"params\":{\"function_id\":\"f\",\"payload\":\(payload)}}",
      "{\"params\":{\"payload\" :  \(payload)  ,\"function_id\":\"f\"},\"method\":\"trigger\",\"id\":1}",
    ] {
      let script = Script(line)
      let request = try #require(script.request)
      let trigger = TriggerParameters(request.arguments, script.reader, script.line.utf8.span)
      #expect(trigger.payload.map(script.text) == payload)
    }
  }

  @Test func registration() throws {
    let script = Script(
      #"{"id":1,"method":"register_function","params":{"function_id":"a\u003a:b","description":"d","request_format":{"q":1},"#
        + #""response_format":true,"metadata":[],"max_in_flight":3,"queue_limit":0,"timeout_ms":5000,"linger_ms":0,"wait_ms":9}}"#
    )
    let request = try #require(script.request)
    let function = RegisterFunctionParameters(request.arguments, script.reader, script.line.utf8.span)
    #expect(function.functionID == "a::b")
    #expect(script.text(function.functionIDToken) == #""a\u003a:b""#)
    #expect(function.description.map(script.text) == #""d""#)
    #expect(function.requestFormat.map(script.text) == #"{"q":1}"#)
    #expect(function.responseFormat.map(script.text) == "true")
    #expect(function.metadata.map(script.text) == "[]")
    #expect(function.maxInFlight == 3)
    #expect(function.queueLimit == 0)
    #expect(function.timeout == 5000)
    #expect(function.linger == 0)
    #expect(function.wait == 9)
  }

  @Test func registrationWithTheDefaults() throws {
    let script = Script(#"{"id":1,"method":"register_function","params":{"function_id":"f"}}"#)
    let request = try #require(script.request)
    let function = RegisterFunctionParameters(request.arguments, script.reader, script.line.utf8.span)
    #expect(function.maxInFlight == 1)
    #expect(function.queueLimit == 64)
    #expect(function.timeout == nil)
    #expect(function.linger == 2000)
    #expect(function.wait == 5000)
    #expect(function.description == nil)
    #expect(function.metadata == nil)
  }

  @Test func unregistration() throws {
    for (members, drain) in [("", true), (#","drain":false"#, false), (#","drain":true"#, true)] {
      let script = Script("{\"id\":1,\"method\":\"unregister_function\",\"params\":{\"function_id\":\"f\"\(members)}}")
      let request = try #require(script.request)
      let function = UnregisterFunctionParameters(request.arguments, script.reader, script.line.utf8.span)
      #expect(function.functionID == "f")
      #expect(function.drain == drain)
    }
  }

  @Test func hello() throws {
    let script = Script(
      #"{"id":1,"method":"hello","params":{"client":{"version":"1.2","name":"n\u0061me"},"protocol":1,"worker_name":"w"}}"#
    )
    let request = try #require(script.request)
    let hello = HelloParameters(request.arguments, script.reader, script.line.utf8.span)
    #expect(hello.clientName == "name")
    #expect(hello.clientVersion == "1.2")
    #expect(hello.workerName == "w")
    let bare = Script(#"{"id":1,"method":"hello"}"#)
    let nothing = HelloParameters(try #require(bare.request).arguments, bare.reader, bare.line.utf8.span)
    #expect(nothing.clientName == nil)
    #expect(nothing.workerName == nil)
  }

  @Test func cancel() throws {
    for (token, id) in [("7", RequestID(7)), (#""\u0061""#, RequestID("a"))] {
      let script = Script("{\"method\":\"cancel\",\"params\":{\"id\":\(token)}}")
      let request = try #require(script.request)
      #expect(CancelParameters(request.arguments, script.reader, script.line.utf8.span).id == id)
      #expect(request.id == nil)
    }
  }

  @Test func invocation() throws {
    let script = Script(
      #"{"id":1,"method":"register_function","params":{"function_id":"f","queue_limit":3,"invocation":{"url":"https:\/\/x","#
        + #""method":"PUT","timeout_ms":5,"headers":{"a":"1","b":"\u00e9","a":"2"},"#
        + #""auth":{"type":"api_key","header":"K","value_key":"V"}}}}"#)
    let request = try #require(script.request)
    let parameters = RegisterFunctionParameters(request.arguments, script.reader, script.line.utf8.span)
    let invocation = try #require(parameters.invocation)
    #expect(invocation.url == "https://x")
    #expect(invocation.method == "PUT")
    #expect(invocation.timeout == 5)
    #expect(invocation.headers == ["a": "2", "b": "é"])
    #expect(invocation.authentication == .apiKey(header: "K", valueKey: "V"))
    #expect(parameters.ownOnly == "queue_limit")
  }

  @Test func discovery() throws {
    let script = Script(
      #"{"id":1,"method":"list_functions","params":{"workers":["a", "b"],"local":true,"search":"x\u0041","prefix":null}}"#
    )
    let request = try #require(script.request)
    let list = DiscoveryParameters(request.method, request.arguments, script.reader, script.line.utf8.span)
    #expect(list.local)
    #expect(list.argument("search", script.reader).map(script.text) == #""x\u0041""#)
    #expect(list.argument("prefix", script.reader) == nil)
    #expect(
      written { list.write(script.reader, script.line.utf8.span, to: &$0) }
        == #"{"search":"x\u0041","workers":["a", "b"]}"#)
    let bare = Script(#"{"id":1,"method":"list_workers"}"#)
    let all = DiscoveryParameters(.listWorkers, try #require(bare.request).arguments, bare.reader, bare.line.utf8.span)
    #expect(!all.local)
    #expect(written { all.write(bare.reader, bare.line.utf8.span, to: &$0) } == "{}")
  }
}
