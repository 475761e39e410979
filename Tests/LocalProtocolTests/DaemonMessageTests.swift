import Bytes
import LocalProtocol
import RawJSON
import Testing

@Suite struct DaemonMessageTests {
  /// What stands where in a frame of the engine's.
  struct Frame {
    var envelope = JSONEnvelope()
    let text: String

    init(_ text: String) throws {
      self.text = text
      try envelope.scan(text.utf8.span)
    }

    func range(_ name: JSONKey) -> Range<Int>? { envelope.find(name)?.value }
  }

  @Test func resultsAreOneLine() {
    #expect(
      written { DaemonMessage.result(RequestID("a\n"), "{\"b\":\r\n[1,\n2]}".utf8.span, flattening: true, to: &$0) }
        == #"{"jsonrpc":"2.0","id":"a\n","result":{"b":  [1, 2]}}"# + "\n")
    #expect(
      written { DaemonMessage.result(RequestID(-1), to: &$0) { $0.append("{\"now\":5}") } }
        == #"{"jsonrpc":"2.0","id":-1,"result":{"now":5}}"# + "\n")
  }

  @Test func anErrorWithoutAnIDHasNull() {
    #expect(
      written { DaemonMessage.error(nil, .shuttingDown(), to: &$0) }
        == #"{"jsonrpc":"2.0","id":null,"error":{"code":-32009,"message":"SHUTTING_DOWN: the daemon is shutting down","#
        + #""data":{"code":"SHUTTING_DOWN","source":"iiid","retryable":true}}}"# + "\n")
  }

  @Test func anErrorOfTheEngineKeepsItsBytes() throws {
    let frame = try Frame(
      #"{"code":"OUT\u005fOF","message":"no \"more\" é\n","stacktrace":"at\tx"}"#)
    let (code, message) = (try #require(frame.range("code")), try #require(frame.range("message")))
    let line = written {
      DaemonMessage.engineError(
        RequestID(1), frame.text.utf8.span, code: code, message: message, stacktrace: frame.range("stacktrace"),
        functionID: "inv::\"reserve", invocationID: (0x0b0e_7c3e_0001_4002, 0x8003_0000_0000_00ff), to: &$0)
    }
    #expect(
      line == #"{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"OUT\u005fOF: no \"more\" é\n","data":{"#
        + #""code":"OUT\u005fOF","source":"worker","retryable":false,"function_id":"inv::\"reserve","#
        + #""invocation_id":"0b0e7c3e-0001-4002-8003-0000000000ff","stacktrace":"at\tx"}}}"# + "\n")
    var envelope = JSONEnvelope(descendingInto: ["error"])
    try envelope.scan(line.utf8.span)
    #expect(envelope.violation == nil)
  }

  @Test func aRawLineFeedInTheEnginesStringDoesNotEndOurLine() {
    let frame = "\"E\"\"a\nb\""
    let line = written {
      DaemonMessage.engineError(RequestID(1), frame.utf8.span, code: 0..<3, message: 3..<8, stacktrace: nil, to: &$0)
    }
    #expect(line.filter { $0 == "\n" }.count == 1)
    #expect(line.hasSuffix("\n"))
  }

  @Test func anInvocationWithEverything() throws {
    let frame = try Frame(
      "{\"function_id\":\"f\\u0031\",\"data\":{\"a\":\n1.0},\"metadata\":[\r],\"namespace\":\"shop\","
        + "\"traceparent\":\"00-ab\",\"baggage\":\"k=v\"}")
    var members = DaemonMessage.Invocation(
      functionID: try #require(frame.range("function_id")), payload: frame.range("data"))
    members.metadata = frame.range("metadata")
    members.namespace = frame.range("namespace")
    members.traceparent = frame.range("traceparent")
    members.baggage = frame.range("baggage")
    #expect(
      written {
        DaemonMessage.invoke(
          12, frame.text.utf8.span, members, namespace: "default",
          invocationID: (0x0b0e_7c3e_0001_4002, 0x8003_0000_0000_00ff), isVoid: true, deadline: 5000, flattening: true,
          to: &$0)
      }
        == #"{"jsonrpc":"2.0","id":"d12","method":"invoke","params":{"function_id":"f\u0031","namespace":"shop","#
        + #""payload":{"a": 1.0},"metadata":[ ],"invocation_id":"0b0e7c3e-0001-4002-8003-0000000000ff","void":true,"#
        + #""traceparent":"00-ab","baggage":"k=v","deadline_ms":5000}}"# + "\n")
  }

  @Test func anInvocationWithoutPayloadCarriesNull() {
    #expect(
      written {
        DaemonMessage.invoke(1, "\"f\"".utf8.span, .init(functionID: 0..<3, payload: nil), namespace: "a\"b", to: &$0)
      }
        == #"{"jsonrpc":"2.0","id":"d1","method":"invoke","params":{"function_id":"f","namespace":"a\"b","payload":null}}"#
        + "\n")
  }

  @Test(arguments: [
    (DaemonMessage.CancelReason.deadline, "deadline"), (.callerGone, "caller_gone"), (.linkLost, "link_lost"),
    (.drain, "drain"),
  ])
  func cancel(reason: DaemonMessage.CancelReason, word: String) {
    #expect(
      written { DaemonMessage.cancel(3, reason, to: &$0) }
        == "{\"jsonrpc\":\"2.0\",\"method\":\"cancel\",\"params\":{\"id\":\"d3\",\"reason\":\"\(word)\"}}\n")
  }

  @Test func drain() {
    #expect(
      written { DaemonMessage.drain(reason: "shutdown", deadline: 100, to: &$0) }
        == #"{"jsonrpc":"2.0","method":"drain","params":{"reason":"shutdown","deadline_ms":100}}"# + "\n")
  }
}
