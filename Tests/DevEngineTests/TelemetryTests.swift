import Testing

@testable import DevEngine

@Suite("Telemetry")
struct TelemetryTests {
  private static let resource =
    #""resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]}"#

  private func span(_ id: String, parent: String? = nil, more: String = "") -> String {
    let parent = parent.map { #""parentSpanId":"\#($0)","# } ?? ""
    return #"{"traceId":"00000000000000000000000000000abc","spanId":"\#(id)",\#(parent)"name":"execute \#(id)","# + more
      + #""startTimeUnixNano":"1700000000000000000","endTimeUnixNano":1700000000500000000}"#
  }

  private func spans(_ list: String...) -> String {
    #"{"resourceSpans":[{\#(Self.resource),"scopeSpans":[{"scope":{"name":"s"},"spans":["#
      + list.joined(separator: ",") + "]}]}]}"
  }

  private func expectNothing(_ lines: [String], _ location: SourceLocation = #_sourceLocation) {
    #expect(lines.isEmpty, sourceLocation: location)
  }

  private func engine() -> Conversation {
    var engine = Conversation()
    engine.join(1, name: "w")
    return engine
  }

  @Test func spansAreListedAndShownAsATree() {
    var engine = engine()
    engine.telemetry(
      .spans,
      spans(
        span("00000000000000b2", parent: "00000000000000b1"),
        span("00000000000000b1", more: #""status":{"code":2,"message":"bad"},"kind":1,"#),
        #"{"name":"without ids"}"#))
    let list = engine.ask(1, "engine::traces::list", "{}") ?? [:]
    #expect(list["total"] == 1, "only roots without a trace id")
    let root = list["spans"]?.array?.first?.object
    #expect(root?["status"] == "error" && root?["status_description"] == "bad")
    #expect(root?["service_name"] == "shop" && root?["end_time_unix_nano"] == 1_700_000_000_500_000_000)
    let all = engine.ask(1, "engine::traces::list", #"{"trace_id":"00000000000000000000000000000ABC"}"#) ?? [:]
    #expect(all["total"] == 2)
    let tree = engine.ask(1, "engine::traces::tree", #"{"trace_id":"00000000000000000000000000000abc"}"#) ?? [:]
    #expect(tree["roots"]?.array?.count == 1)
    let child = tree["roots"]?.array?[0].object?["children"]?.array?.first?.object
    #expect(child?["span_id"] == "00000000000000b2")
    engine.ask(1, "engine::traces::clear", "{}")
    let answer1 = engine.ask(1, "engine::traces::list", "{}")
    #expect(answer1?["total"] == 0)
  }

  @Test func spanThatIsItsOwnAncestorEndsTheTree() {
    var engine = engine()
    engine.telemetry(
      .spans,
      spans(
        span("00000000000000b1", parent: "00000000000000b2"), span("00000000000000b2", parent: "00000000000000b1"),
        span("00000000000000b3", parent: "00000000000000b3")))
    let tree = engine.ask(1, "engine::traces::tree", #"{"trace_id":"00000000000000000000000000000abc"}"#) ?? [:]
    #expect(tree["roots"]?.array?.count == 1, "those two are of no root; the third is one")
  }

  @Test func attributesOfAllKindsAreTold() {
    let value = OTLP.attributes([
      ["key": "n", "value": ["intValue": "9007199254740993"]], ["key": "d", "value": ["doubleValue": .double(1.5)]],
      ["key": "b", "value": ["boolValue": true]], ["key": "x", "value": ["bytesValue": "AA=="]],
      ["key": "l", "value": ["arrayValue": ["values": [["intValue": 1]]]]],
      ["key": "o", "value": ["kvlistValue": ["values": [["key": "k", "value": ["stringValue": "v"]]]]]],
    ])
    #expect(
      JSONValue.object(value).text == #"{"b":true,"d":1.5,"l":[1],"n":9007199254740993,"o":{"k":"v"},"x":null}"#)
  }

  @Test func logTriggerFiresFromItsLevelUp() {
    var engine = engine()
    engine.send(1, #"{"type":"registerfunction","id":"f"}"#)
    engine.send(
      1, #"{"type":"registertrigger","id":"b","trigger_type":"log","function_id":"f","config":{"level":"warn"}}"#)
    let call = { (level: String) in
      #"{"type":"invokefunction","function_id":"engine::log::\#(level)","data":{"message":"m","data":{"k":1}},"action":{"type":"void"}}"#
    }
    expectNothing(engine.send(1, call("info")))
    let fired = engine.send(1, call("warn"))
    #expect(fired.count == 1)
    #expect(fired.first?.contains(#""body":"m""#) == true && fired.first?.contains(#""severity_number":13"#) == true)
    #expect(fired.first?.contains(#""traceparent":"00-"#) == true, "frames of the engine's own carry a trace")
    #expect(fired.first?.contains("baggage") == false)
    let answer2 = engine.ask(1, "engine::logs::list", #"{"severity_min":13}"#)
    #expect(answer2?["total"] == 1)
    let answer3 = engine.ask(1, "engine::logs::list", "{}")
    #expect(answer3?["total"] == 2)
  }

  @Test func unknownLevelIsRefused() {
    var engine = engine()
    let answer = engine.send(
      1, #"{"type":"registertrigger","id":"b","trigger_type":"log","function_id":"f","config":{"level":"loud"}}"#)
    #expect(answer.first?.contains("trigger_registration_failed") == true)
  }

  @Test func traceTriggerGathersFor300Milliseconds() {
    var engine = engine()
    engine.send(1, #"{"type":"registerfunction","id":"f"}"#)
    engine.send(1, #"{"type":"registertrigger","id":"b","trigger_type":"trace","function_id":"f","config":{}}"#)
    expectNothing(engine.telemetry(.spans, spans(span("00000000000000b1"))))
    engine.now = 299
    expectNothing(engine.telemetry(.spans, spans(span("00000000000000b2"))))
    #expect(engine.state.nextDeadline == 300)
    let fired = engine.advance(to: 300)
    #expect(fired.first?.contains(#""data":{"trace_ids":["00000000000000000000000000000abc"]}"#) == true)
    #expect(engine.state.nextDeadline == nil)
  }

  @Test func gaugesOfAWorkerShowInItsInfoForTwoMinutes() {
    var engine = Conversation()
    let id = engine.join(1, name: "w")
    let gauge =
      #"{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"iii.worker.memory.rss","gauge":{"dataPoints":[{"asInt":"4096","timeUnixNano":"5000000","attributes":[{"key":"worker.id","value":{"stringValue":"\#(id)"}}]}]}}]}]}]}"#
    engine.telemetry(.metrics, gauge)
    let worker = engine.ask(1, "engine::workers::info", #"{"name":"w"}"#)?["worker"]?.object
    #expect(worker?["latest_metrics"] == ["memory_rss": 4096, "timestamp_ms": 5, "runtime": "node"])
    let answer4 = engine.ask(1, "engine::metrics::list", "{}")
    #expect(answer4?["sdk_metrics"]?.array?.count == 1)
    engine.now += 120_001
    let answer5 = engine.ask(1, "engine::metrics::list", "{}")
    #expect(answer5?["sdk_metrics"]?.array?.isEmpty == true)
  }

  @Test func storeForgetsTheOldest() {
    var list = BoundedList<Int>(maximumCount: 3, maximumSize: 100)
    for number in 1...20 { list.append(number, size: 1) }
    #expect(Array(list.elements) == [18, 19, 20])
    list.append(21, size: 99)
    #expect(Array(list.elements) == [20, 21])
    list.append(22, size: 1000)
    #expect(Array(list.elements) == [22], "the newest stays, however large")
  }

  @Test func badFramesAreToldApart() {
    let kind = { (text: String) in TelemetryFrame.kind(of: Array(text.utf8).span) }
    #expect(kind("OTLP{}") == .spans && kind("MTRC") == .metrics && kind("LOGS{}") == .logs)
    #expect(kind("XXXX{}") == nil && kind("OTL") == nil)
  }
}

extension Conversation {
  /// Calls a function of the engine's own; the members of its result.
  @discardableResult
  fileprivate mutating func ask(_ connection: Int, _ function: String, _ data: String) -> JSONObject? {
    let call =
      #"{"type":"invokefunction","invocation_id":"bbbbbbbb-0000-4000-8000-000000000000","function_id":"\#(function)","data":\#(data)}"#
    guard let answer = send(connection, call).first?.drop(while: { $0 != "{" }) else { return nil }
    return JSONReader.read(Array(answer.utf8).span).object?["result"]?.object
  }
}
