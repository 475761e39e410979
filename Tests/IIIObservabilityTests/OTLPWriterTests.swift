import Testing

@testable import IIIObservability

/// The texts have the members of the recorded frames of real SDKs (`Tests/Fixtures/recorded/*/*/telemetry.jsonl`), with
/// OTLP's own numbers for kinds.
@Suite struct OTLPWriterTests {
  static let resource = TelemetryResource(
    serviceName: "shop", serviceVersion: "1.2.3", serviceNamespace: "n", serviceInstanceID: "i", sdkVersion: "0.1.0")
  private static let resourceText =
    #"{"resource":{"attributes":[{"key":"telemetry.sdk.language","value":{"stringValue":"swift"}},"#
    + #"{"key":"telemetry.sdk.name","value":{"stringValue":"iii-swift-sdk"}},"#
    + #"{"key":"telemetry.sdk.version","value":{"stringValue":"0.1.0"}},"#
    + #"{"key":"service.instance.id","value":{"stringValue":"i"}},{"key":"service.name","value":{"stringValue":"shop"}},"#
    + #"{"key":"service.version","value":{"stringValue":"1.2.3"}},"#
    + #"{"key":"service.namespace","value":{"stringValue":"n"}}]},"#

  private func text(_ frame: [UInt8]) -> String { String(decoding: frame, as: UTF8.self) }

  @Test func spanFrame() throws {
    let context = try #require(SpanContext(traceparent: SpanContextTests.text))
    var span = SpanRecord(
      name: "execute \"f\"", context: context, parent: 0xabc, start: 1, end: 1_700_000_000_000_000_002)
    span.events = [
      SpanRecord.Event("iii.invocation.input", time: 3, attributes: [Attribute("iii.payload.truncated", false)])
    ]
    span.status = .error("bad")
    let expected =
      #"OTLP{"resourceSpans":["# + Self.resourceText
      + #""scopeSpans":[{"scope":{"name":"iii-swift-sdk","version":"0.1.0"},"spans":["#
      + #"{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","parentSpanId":"0000000000000abc","#
      + #""name":"execute \"f\"","kind":1,"startTimeUnixNano":"1","endTimeUnixNano":"1700000000000000002","#
      + #""attributes":[],"events":[{"name":"iii.invocation.input","timeUnixNano":"3","#
      + #""attributes":[{"key":"iii.payload.truncated","value":{"boolValue":false}}]}],"links":[],"#
      + #""status":{"code":2,"message":"bad"},"flags":1}]}]}]}"#
    #expect(text(OTLPWriter.spans([span], Self.resource)) == expected)
  }

  @Test func logFrame() {
    let entry = LogEntry(
      time: 7, level: .warning, message: "w", logger: "shop.log",
      data: ["k": 1, "s": "x", "n": nil, "f": 1.5, "l": [1, true]],
      span: SpanContext(traceparent: SpanContextTests.text))
    let expected =
      #"LOGS{"resourceLogs":["# + Self.resourceText
      + #""scopeLogs":[{"scope":{"name":"iii.logger","version":"0.1.0"},"logRecords":["#
      + #"{"timeUnixNano":"7","observedTimeUnixNano":"7","severityNumber":13,"severityText":"WARN","#
      + #""body":{"stringValue":"w"},"attributes":[{"key":"service.name","value":{"stringValue":"shop.log"}},"#
      + #"{"key":"log.data","value":{"kvlistValue":{"values":[{"key":"k","value":{"intValue":"1"}},"#
      + #"{"key":"s","value":{"stringValue":"x"}},{"key":"n","value":{}},{"key":"f","value":{"doubleValue":1.5}},"#
      + #"{"key":"l","value":{"arrayValue":{"values":[{"intValue":"1"},{"boolValue":true}]}}}]}}}],"#
      + #""traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7"}]}]}]}"#
    #expect(text(OTLPWriter.logs([entry], Self.resource)) == expected)
  }

  @Test func metricFrame() {
    var calls = CallMetrics()
    calls.record("f", 3, failed: false)
    calls.record("f", 40_000, failed: true)
    let written = text(OTLPWriter.metrics(calls.metrics(start: 1, time: 2), Self.resource))
    #expect(written.hasPrefix(#"MTRC{"resourceMetrics":["# + Self.resourceText + #""scopeMetrics":[{"scope":"#))
    #expect(written.contains(#""sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"attributes":"#))
    #expect(written.contains(#""startTimeUnixNano":"1","timeUnixNano":"2","asInt":"1"}"#))
    #expect(
      written.contains(
        #""count":"2","sum":40003.0,"bucketCounts":["0","0","1","0","0","0","0","0","0","0","0","0","0","0","1"],"#
          + #""explicitBounds":[1.0,2.0,5.0,"#))
  }

  @Test func numbersThatJSONCannotHoldAreTexts() {
    let entry = LogEntry(time: 0, level: .debug, message: "", logger: "", data: .double(.infinity))
    #expect(text(OTLPWriter.logs([entry], Self.resource)).contains(#"{"stringValue":"inf"}"#))
  }

  @Test func valuesComeFromJSON() {
    let json = #"{"a":[1,-2.5,true,null,"x\ny"],"b":{"c":18446744073709551615}}"#
    #expect(
      AttributeValue(json: Array(json.utf8).span)
        == ["a": [1, -2.5, true, nil, "x\ny"], "b": ["c": .double(18_446_744_073_709_551_616)]])
    #expect(AttributeValue(json: Array("{".utf8).span) == .null)
  }

  @Test func loggerLineIsOneLine() {
    let line = Logger(name: "shop").line(.warning, "two\nlines", ["k": "a\nb"])
    #expect(line == #"shop: warn: two lines {"k":"a\nb"}"#)
    #expect(Logger().line(.error, "m", nil) == "iii: error: m")
  }
}
