import Bytes
import Testing

@testable import III

@Suite struct EngineMessageReaderTests {
  static let id = "0b0e7c3e-91d2-4c55-a1b7-0123456789ab"
  static var bits: UUIDBits? { UUIDBits(id.utf8.span) }

  static func read(_ text: String) -> EngineMessage {
    var reader = EngineMessageReader()
    return reader.read(text.utf8.span)
  }

  static func slice(_ text: String, _ range: Range<Int>?) -> String? {
    range.flatMap { String(utf8: text.utf8.span.extracting($0)) }
  }

  @Test func typeMayStandAnywhere() {
    #expect(Self.read(#"{"type":"ping"}"#) == .ping)
    #expect(Self.read(#" {"surprise" : {"type":"pong"} , "type" : "ping" } "#) == .ping)
    #expect(Self.read(#"{"type":"pong"}"#) == .pong)
    #expect(Self.read(#"{"type":"pong","type":"ping"}"#) == .ping, "the last of equal names counts")
  }

  @Test func unknownTypesAreToldApart() {
    #expect(Self.read(#"{"type":"functionregistered","id":"f"}"#) == .unknown(type: "functionregistered"))
    #expect(Self.read(#"{"type":"pin"}"#) == .unknown(type: "pin"))
    #expect(Self.read(#"{"type":""}"#) == .unknown(type: ""))
  }

  @Test(arguments: [
    "", " ", "not json", "[]", "{}", "null", "\"x\"", #"{"type":1}"#, #"{"type":null}"#, #"{"type":"ping""#,
    #"{"type":"ping"}}"#,
    #"{"type":"invocationresult","function_id":"f"}"#, #"{"type":"invocationresult","invocation_id":"no"}"#,
    #"{"type":"invocationresult","invocation_id":7}"#, #"{"type":"invokefunction","function_id":"f","data":{}}"#,
    #"{"type":"invokefunction","invocation_id":"0b0e7c3e-91d2-4c55-a1b7-0123456789ab","function_id":null}"#,
    #"{"type":"workerregistered"}"#, #"{"type":"registrationrejected"}"#,
    #"{"type":"registertrigger","id":"t"}"#, #"{"type":"registertrigger","id":"t","trigger_type":"x"}"#,
    #"{"type":"registertrigger","id":7,"trigger_type":"x","function_id":"f"}"#, #"{"type":"unregistertrigger"}"#,
    #"{"type":"triggerregistrationresult","error":{}}"#,
  ])
  func malformedFramesAreNamed(text: String) {
    guard case .malformed = Self.read(text) else {
      Issue.record("\(text) was taken for \(Self.read(text))")
      return
    }
  }

  @Test func triggersAreRanges() {
    let text =
      #"{"config":{"a":[1, 2]},"id":"i\"d","metadata":[null],"namespace":"shop","function_id":"f","extra":{"id":1},"#
      + #""trigger_type":"webhook","type":"registertrigger"}"#
    guard case .trigger(let members) = Self.read(text) else { return #expect(Bool(false)) }
    #expect(Self.slice(text, members.id) == #""i\"d""#)
    #expect(Self.slice(text, members.triggerType) == #""webhook""#)
    #expect(Self.slice(text, members.functionID) == #""f""#)
    #expect(Self.slice(text, members.config) == #"{"a":[1, 2]}"#)
    #expect(Self.slice(text, members.metadata) == "[null]")
    #expect(Self.slice(text, members.namespace) == #""shop""#)
    let bare = #"{"type":"registertrigger","id":"i","trigger_type":"t","function_id":"f","namespace":null}"#
    guard case .trigger(let members) = Self.read(bare) else { return #expect(Bool(false)) }
    #expect(members.config == nil && members.metadata == nil && members.namespace == nil)
  }

  @Test func removedTriggersMayLackTheirType() {
    let text = #"{"type":"unregistertrigger","id":"i","trigger_type":"t"}"#
    guard case .triggerRemoved(let members) = Self.read(text) else { return #expect(Bool(false)) }
    #expect(Self.slice(text, members.id) == #""i""# && Self.slice(text, members.triggerType) == #""t""#)
    guard case .triggerRemoved(let members) = Self.read(#"{"type":"unregistertrigger","id":"i"}"#) else {
      return #expect(Bool(false))
    }
    #expect(members.triggerType == nil && members.functionID == nil && members.config == nil)
  }

  @Test(arguments: [
    ("", nil), (#","error":null"#, nil),
    (#","error":{"code":"C","message":"m"}"#, TriggerFailure(code: "C", message: "m")),
    (#","error":"bad""#, TriggerFailure(code: "UNKNOWN", message: "bad")),
    (#","error":{"code":7}"#, TriggerFailure(code: "UNKNOWN", message: "no message")),
  ])
  func resultsOfTriggersAreRead(error: String, failure: TriggerFailure?) {
    let text = #"{"type":"triggerregistrationresult","id":"i","trigger_type":"t","function_id":"f"\#(error)}"#
    #expect(Self.read(text) == .triggerResult(id: "i", failure: failure))
  }

  @Test func malformedBytesAreNamed() {
    let bytes: [UInt8] = [0x22, 0xff, 0x22]
    var reader = EngineMessageReader()
    guard case .malformed = reader.read(bytes.span) else { return #expect(Bool(false)) }
  }

  @Test func invocationsAreRanges() throws {
    let text =
      #"{"data":{"a":[1, 2]},"function_id":"a\"b","invocation_id":"\#(Self.id.uppercased())","traceparent":"00-1","#
      + #""baggage":"k=v","metadata":[null],"namespace":"shop","extra":{"data":1},"type":"invokefunction"}"#
    guard case .invocation(let id, let members) = Self.read(text) else { return #expect(Bool(false)) }
    #expect(id.description == Self.id)
    #expect(Self.slice(text, members.functionID) == #""a\"b""#)
    #expect(Self.slice(text, members.payload) == #"{"a":[1, 2]}"#)
    #expect(Self.slice(text, members.traceparent) == #""00-1""#)
    #expect(Self.slice(text, members.baggage) == #""k=v""#)
    #expect(Self.slice(text, members.metadata) == "[null]")
    #expect(Self.slice(text, members.namespace) == #""shop""#)
    #expect(members.queue == nil && !members.hasNewlines)
  }

  /// But metadata is any value, and null is one.
  @Test func absentMembersAndNullStringsAreNone() throws {
    let text =
      #"{"type":"invokefunction","invocation_id":"\#(Self.id)","function_id":"f","metadata":null,"#
      + "\n" + #""traceparent":null,"baggage":null}"#
    guard case .invocation(_, let members) = Self.read(text) else { return #expect(Bool(false)) }
    #expect(members.payload == nil && members.traceparent == nil && members.baggage == nil)
    #expect(Self.slice(text, members.metadata) == "null")
    #expect(members.hasNewlines)
  }

  @Test func resultsAreRanges() throws {
    let id = try #require(Self.bits)
    let text = #"{"type":"invocationresult","invocation_id":"\#(Self.id)","function_id":"f","result":{"x":1e2}}"#
    guard case .result(id, .result(let range)) = Self.read(text) else { return #expect(Bool(false)) }
    #expect(Self.slice(text, range) == #"{"x":1e2}"#)
    let none = #"{"type":"invocationresult","invocation_id":"\#(Self.id)","function_id":"f"}"#
    #expect(Self.read(none) == .result(id, .result(nil)))
    let null =
      #"{"type":"invocationresult","invocation_id":"\#(Self.id)","function_id":"f","result":null,"error":null}"#
    guard case .result(id, .result(let nullRange?)) = Self.read(null) else { return #expect(Bool(false)) }
    #expect(Self.slice(null, nullRange) == "null")
  }

  @Test func anErrorWinsOverAResult() throws {
    let id = try #require(Self.bits)
    let text =
      #"{"type":"invocationresult","invocation_id":"\#(Self.id)","result":1,"#
      + #""error":{"stacktrace":"at x","message":"bad\n","code":"E","more":1}}"#
    guard case .result(id, .error(let code, let message, let stacktrace)) = Self.read(text) else {
      return #expect(Bool(false))
    }
    #expect(Self.slice(text, code) == #""E""#)
    #expect(Self.slice(text, message) == #""bad\n""#)
    #expect(Self.slice(text, stacktrace) == #""at x""#)
    let bare =
      #"{"type":"invocationresult","invocation_id":"\#(Self.id)","error":{"code":"E","message":"","stacktrace":null}}"#
    guard case .result(id, .error(_, _, nil)) = Self.read(bare) else { return #expect(Bool(false)) }
  }

  @Test(arguments: [
    #""error":"boom""#, #""error":{"code":"E"}"#, #""error":{"message":"m"}"#, #""error":{"code":1,"message":"m"}"#,
    #""error":[]"#,
    #""result":1e999"#, #""result":"\ud800""#,
  ])
  func unusableResultsNameTheirCall(member: String) throws {
    let id = try #require(Self.bits)
    let message = Self.read(#"{"type":"invocationresult","invocation_id":"\#(Self.id)","function_id":"f",\#(member)}"#)
    guard case .result(id, .failure(.unusable)) = message else {
      Issue.record("\(message)")
      return
    }
  }

  @Test func greetingsCarryTokenAndFeatures() {
    #expect(
      Self.read(#"{"type":"workerregistered","worker_id":"w","reattach_token":"t","features":["a","b"],"x":1}"#)
        == .workerRegistered(workerID: "w", reattachToken: "t", features: ["a", "b"]))
    #expect(
      Self.read(#"{"type":"workerregistered","worker_id":"w"}"#)
        == .workerRegistered(workerID: "w", reattachToken: nil, features: []))
    #expect(
      Self.read(#"{"type":"workerregistered","worker_id":"w","reattach_token":null,"features":7}"#)
        == .workerRegistered(workerID: "w", reattachToken: nil, features: []))
  }

  @Test func refusalsNameTheirOwner() {
    #expect(
      Self.read(
        #"{"type":"registrationrejected","code":"FUNCTION_NAMESPACE_CONFLICT","namespace":"default","#
          + #""function_id":"inv::reserve","owner_worker_id":"77aa"}"#)
        == .registrationRejected(
          RegistrationRejection(
            code: "FUNCTION_NAMESPACE_CONFLICT", namespace: "default", functionID: "inv::reserve", owner: "77aa")))
    #expect(
      Self.read(#"{"type":"registrationrejected","code":"X","worker_name":"w","owner_worker_id":""}"#)
        == .registrationRejected(RegistrationRejection(code: "X", workerName: "w")))
  }

  @Test func errorsBeforeTheCloseAreRead() {
    #expect(
      Self.read(#"{"type":"error","error":{"code":"AUTH_ERROR","message":"no"}}"#)
        == .error(code: "AUTH_ERROR", message: "no"))
    #expect(Self.read(#"{"type":"error","error":"no"}"#) == .error(code: "UNKNOWN", message: "no"))
    #expect(Self.read(#"{"type":"error"}"#) == .error(code: "UNKNOWN", message: "no message"))
  }
}
