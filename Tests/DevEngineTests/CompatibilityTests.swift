import Testing

@testable import DevEngine

@Suite("Behaving like engine 0.13")
struct CompatibilityTests {
  private static let one = "aaaaaaaa-0000-4000-8000-000000000001"
  private static let two = "aaaaaaaa-0000-4000-8000-000000000002"

  private static func engine(queue: EngineOptions.Queue = .none) -> Conversation {
    Conversation(queue: queue, compatibility: .first)
  }

  private static func call(_ id: String, _ function: String, _ data: String = "{}", more: String = "") -> String {
    #"{"type":"invokefunction","invocation_id":"\#(id)","function_id":"\#(function)","data":\#(data)\#(more)}"#
  }

  /// The traceparent in a line.
  private static func traceparent(_ line: String) -> String? {
    let parts = line.split(separator: #""traceparent":""#)
    return parts.count == 2 ? parts[1].split(separator: "\"").first.map(String.init) : nil
  }

  @Test func greetingHasNoTokenAndAReattachIsUnknown() {
    var engine = Self.engine()
    #expect(engine.connect(1) == [#"1 {"type":"workerregistered","worker_id":"\#(Conversation.id(1))"}"#])
    engine.connect(2)
    let frame = #"{"type":"reattach","previous_worker_id":"\#(Conversation.id(1))","reattach_token":"x"}"#
    #expect(engine.send(2, frame).isEmpty)
    #expect(engine.state.workers.count == 2)
  }

  @Test func registrationsDoNotWait() {
    var engine = Self.engine()
    engine.connect(1)
    engine.send(1, #"{"type":"registerfunction","id":"f"}"#)
    #expect(engine.state.functions.count == 1)
    #expect(engine.state.nextDeadline == nil)
  }

  @Test func lastOwnerHasTheFunctionAndTheFirstCannotTakeItBack() {
    var engine = Self.engine()
    engine.join(1, name: "a")
    engine.join(2, name: "b")
    engine.send(1, #"{"type":"registerfunction","id":"f"}"#)
    #expect(engine.send(2, #"{"type":"registerfunction","id":"f"}"#).isEmpty)
    engine.send(1, #"{"type":"unregisterfunction","id":"f"}"#)
    #expect(engine.state.functions.values.map(\.owner) == [2])
    _ = engine.disconnect(1)
    #expect(engine.state.functions.count == 1)
  }

  @Test func namesNeedNotBeUnique() {
    var engine = Self.engine()
    engine.join(1, name: "twin")
    #expect(engine.join(2, name: "twin") == engine.state.workers[2]?.id)
    #expect(engine.state.workers.count == 2)
  }

  @Test func namespacesAreIgnored() {
    var engine = Self.engine()
    engine.join(1, name: "a", namespace: "shop")
    engine.send(1, #"{"type":"registerfunction","id":"f"}"#)
    #expect(engine.state.functions.keys.map(\.namespace) == ["default"])
    let lines = engine.send(1, Self.call(Self.one, "f", more: #","namespace":"elsewhere","metadata":{"t":1}"#))
    #expect(lines.count == 1 && lines[0].contains(#""function_id":"f""#))
    #expect(!lines[0].contains("metadata"))
  }

  @Test func everyInvocationAndAnswerIsTraced() throws {
    var engine = Self.engine()
    engine.join(1, name: "a")
    engine.send(1, #"{"type":"registerfunction","id":"f"}"#)
    let invocation = try #require(Self.traceparent(engine.send(1, Self.call(Self.one, "f"))[0]))
    let answer = try #require(
      Self.traceparent(
        engine.send(1, #"{"type":"invocationresult","invocation_id":"\#(Self.one)","function_id":"f","result":1}"#)[0]))
    let spans = [invocation, answer].map { $0.split(separator: "-") }
    #expect(spans.allSatisfy { $0.map(\.count) == [2, 32, 16, 2] })
    #expect(spans[0][1] == spans[1][1])
    #expect(spans[0][2] != spans[1][2])
    #expect(Self.traceparent(engine.send(1, Self.call(Self.one, "engine::workers::list"))[0]) != nil)
  }

  @Test func traceOfTheCallerGoesOn() throws {
    var engine = Self.engine()
    engine.join(1, name: "a")
    engine.send(1, #"{"type":"registerfunction","id":"f"}"#)
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    let context = #","traceparent":"00-\#(trace)-00f067aa0ba902b7-03","baggage":"a=b""#
    let line = engine.send(1, Self.call(Self.one, "f", more: context))[0]
    let parts = try #require(Self.traceparent(line)).split(separator: "-")
    #expect(parts[1] == trace && parts[2] != "00f067aa0ba902b7" && parts[3] == "03")
    #expect(line.contains(#""baggage":"a=b""#))
  }

  @Test func missingFunctionIsSaidShort() {
    var engine = Self.engine()
    engine.join(1, name: "a")
    let line = engine.send(1, Self.call(Self.one, "no::such"))[0]
    #expect(line.contains(#""error":{"code":"function_not_found","message":"Function no::such not found"}"#))
  }

  @Test(arguments: ["engine::register_trigger", "engine::unregister_trigger"])
  func laterBuiltinsAreMissing(_ id: String) {
    var engine = Self.engine()
    engine.join(1, name: "a")
    #expect(engine.send(1, Self.call(Self.one, id))[0].contains("function_not_found"))
    #expect(
      !engine.send(1, Self.call(Self.one, "engine::functions::list", #"{"include_internal":true}"#))[0].contains(id))
  }

  @Test func bindingToNobodyIsLost() {
    var engine = Self.engine()
    engine.join(1, name: "binder")
    engine.join(2, name: "provider")
    let binding = #"{"type":"registertrigger","id":"b","trigger_type":"t","function_id":"f","config":{}}"#
    #expect(engine.send(1, binding).isEmpty)
    #expect(engine.send(2, #"{"type":"registertriggertype","id":"t","description":"d"}"#).isEmpty)
    #expect(engine.send(1, binding) == ["2 " + binding])
  }

  @Test func refusalOfTheProviderIsKeptQuiet() {
    var engine = Self.engine()
    engine.join(1, name: "binder")
    engine.join(2, name: "provider")
    engine.send(2, #"{"type":"registertriggertype","id":"t","description":"d"}"#)
    engine.send(1, #"{"type":"registertrigger","id":"b","trigger_type":"t","function_id":"f","config":{}}"#)
    let refusal =
      #"{"type":"triggerregistrationresult","id":"b","trigger_type":"t","function_id":"f","error":{"code":"c","message":"m"}}"#
    #expect(engine.send(2, refusal).isEmpty)
    #expect(engine.state.bindings.count == 1)
  }

  @Test func rowsHaveNoNamespaceAndNoMetadata() {
    var engine = Self.engine()
    engine.join(1, name: "a")
    engine.send(1, #"{"type":"registerfunction","id":"f","description":"d","metadata":{"a":1}}"#)
    engine.send(1, #"{"type":"registertriggertype","id":"t","description":"d"}"#)
    #expect(
      engine.send(1, Self.call(Self.one, "engine::functions::list"))[0].contains(
        #""result":{"functions":[{"description":"d","function_id":"f","worker_name":"a"}]}"#))
    #expect(
      engine.send(1, Self.call(Self.one, "engine::functions::info", #"{"function_id":"f"}"#))[0].contains(
        #""result":{"description":"d","function_id":"f","registered_triggers":[],"worker_name":"a"}"#))
    for list in ["engine::workers::list", "engine::triggers::list", "engine::triggers::list"] {
      let line = engine.send(1, Self.call(Self.one, list, #"{"include_internal":true}"#))[0]
      #expect(line.contains("\"a\"") && !line.contains("namespace"), "\(list)")
    }
  }

  @Test func informationIsGivenOneByOne() {
    var engine = Self.engine()
    engine.join(1, name: "a")
    #expect(
      engine.send(1, Self.call(Self.one, "engine::functions::info", #"{"function_ids":["f"]}"#))[0].contains(
        #""error":{"code":"deserialization_error""#))
  }

  @Test func queueIsAPartOfTheEngine() {
    var engine = Self.engine()
    engine.join(1, name: "a")
    engine.send(1, #"{"type":"registerfunction","id":"engine::queue::enqueue"}"#)
    let enqueue = { (queue: String) in
      Self.call(Self.one, "f", more: #","action":{"type":"enqueue","queue":"\#(queue)"}"#)
    }
    #expect(
      engine.send(1, enqueue("jobs")) == [
        #"1 {"type":"invocationresult","invocation_id":"\#(Self.one)","function_id":"f","#
          + #""error":{"code":"enqueue_error","message":"QueueModule not loaded"}}"#
      ])
    engine = Self.engine(queue: .memory)
    engine.join(1, name: "a")
    #expect(engine.send(1, enqueue(""))[0].contains("Queue '' not found"))
    #expect(engine.send(1, enqueue("jobs"))[0].contains("messageReceiptId"))
  }

  @Test func versionsAreKnownByName() {
    #expect(Compatibility.all.allSatisfy { Compatibility(version: $0.name) == $0 })
    #expect(Compatibility(version: "0.99") == nil)
  }
}
