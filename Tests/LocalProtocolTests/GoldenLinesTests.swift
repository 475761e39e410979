import Bytes
import LocalProtocol
import Testing

/// The lines that must work as printed: local protocol, section 7.
@Suite struct GoldenLinesTests {
  @Test func aCallAndItsValue() throws {
    let script = Script(#"{"id":1,"method":"trigger","params":{"function_id":"math::add","payload":{"a":2,"b":3}}}"#)
    let request = try #require(script.request)
    #expect(request.method == .trigger)
    let trigger = TriggerParameters(request.arguments, script.reader, script.line.utf8.span)
    #expect(script.text(trigger.functionID) == #""math::add""#)
    #expect(trigger.payload.map(script.text) == #"{"a":2,"b":3}"#)
    let id = try #require(request.id)
    #expect(
      written { DaemonMessage.result(id, #"{"sum":5}"#.utf8.span, to: &$0) }
        == #"{"jsonrpc":"2.0","id":1,"result":{"sum":5}}"# + "\n")
  }

  @Test func aRegistrationAndItsAnswer() throws {
    let script = Script(
      #"{"id":2,"method":"register_function","params":{"function_id":"disk::usage","timeout_ms":5000}}"#)
    let request = try #require(script.request)
    #expect(request.method == .registerFunction)
    let function = RegisterFunctionParameters(request.arguments, script.reader, script.line.utf8.span)
    #expect(function.functionID == "disk::usage")
    #expect(function.timeout == 5000)
    let id = try #require(request.id)
    let result = #"{"function_id":"disk::usage","namespace":"default","state":"active","instances":1}"#
    #expect(
      written { DaemonMessage.result(id, result.utf8.span, to: &$0) }
        == #"{"jsonrpc":"2.0","id":2,"result":{"function_id":"disk::usage","namespace":"default","state":"active","instances":1}}"#
        + "\n")
  }

  @Test func anInvocationAndItsAnswer() throws {
    let frame = #""disk::usage"{"path":"/"}"#
    let members = DaemonMessage.Invocation(functionID: 0..<13, payload: 13..<25)
    #expect(
      written { DaemonMessage.invoke(1, frame.utf8.span, members, namespace: "default", to: &$0) }
        == #"{"jsonrpc":"2.0","id":"d1","method":"invoke","params":{"function_id":"disk::usage","namespace":"default","payload":{"path":"/"}}}"#
        + "\n")
    #expect(Script(#"{"id":"d1","result":{"used_percent":17}}"#).outcome == #"response d1 {"used_percent":17}"#)
  }
}
