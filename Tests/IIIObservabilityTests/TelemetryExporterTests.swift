import TestSupport
import Testing
import Transport
import WebSocket

@testable import IIIObservability

/// The exporter against a server on the same loop; lessons 18 and 22 of the engine protocol, section 10.
@Suite(.serialized) struct TelemetryExporterTests {
  private func exporter(
    _ loop: EventLoop, port: UInt16, target: String = "/", _ change: (inout TelemetryOptions) -> Void = { _ in }
  ) -> TelemetryExporter {
    var options = TelemetryOptions()
    options.spanInterval = .milliseconds(10)
    options.logInterval = .milliseconds(10)
    change(&options)
    let settings = options.resolved(workerName: "w", sdkVersion: "1", instanceID: "i", environment: { _ in nil })
    let url = WebSocketURL(isSecure: false, host: "127.0.0.1", port: port, target: target)
    return TelemetryExporter(
      on: loop, settings: settings, destination: TelemetryDestination(beside: url, headers: [], tls: TLSOptions()),
      workerName: "w", sink: TelemetrySink())
  }

  private func handle(_ exporter: TelemetryExporter, _ outcome: SpanOutcome, traceparent: String? = nil) {
    let span = exporter.begin(traceparent: traceparent)
    exporter.end(span, function: "f", baggage: nil, input: Array(#"{"a":1}"#.utf8), outcome: outcome)
  }

  @Test func lesson18_telemetryHasAConnectionOfItsOwnWhenThereIsSomethingToSend() throws {
    let loop = try EventLoop()
    defer { loop.close() }
    let server = try TelemetryServer(on: loop)
    let exporter = exporter(loop, port: server.port, target: "/p?token=x")
    for _ in 0..<5 { loop.runOnce(waiting: false) }
    #expect(server.connections.isEmpty)
    handle(exporter, .success(Array("2".utf8)))
    server.run { server.frames.count == 1 }
    #expect(server.paths == ["/p/otel"])
    var hasEnded = false
    exporter.shutdown(within: 1000) { hasEnded = true }
    server.run { hasEnded }
    #expect(server.frames.last?.hasPrefix("MTRC") == true, "the last figures go out at the end")
    server.close()
  }

  @Test func lesson18_nobodyThereIsBoundedAndEnds() throws {
    let loop = try EventLoop()
    defer { loop.close() }
    let port = try OwnPort()
    let exporter = exporter(loop, port: port.number)
    for _ in 0..<3000 { exporter.link.send([UInt8](repeating: 0x20, count: 10_000)) }
    #expect(exporter.link.pending <= FrameQueue.maximumSize)
    #expect(exporter.link.dropped >= 2000)
    var hasEnded = false
    exporter.shutdown(within: 500) { hasEnded = true }
    #expect(loop.run { hasEnded })
    withExtendedLifetime(port) {}
  }

  @Test func lesson18_aRefusedConnectionIsTriedAgain() throws {
    let loop = try EventLoop()
    defer { loop.close() }
    let server = try TelemetryServer(on: loop)
    server.reply = .reject(status: 404, body: "")
    let exporter = exporter(loop, port: server.port)
    handle(exporter, .success(Array("2".utf8)))
    server.run { server.paths.count == 1 }
    server.reply = .accept
    server.run { server.frames.count == 1 }
    #expect(server.frames.first?.contains(#""name":"execute f""#) == true)
    server.close()
  }

  @Test func lesson22_anErrorIsInItsSpanAndASuccessHasNone() throws {
    let loop = try EventLoop()
    defer { loop.close() }
    let server = try TelemetryServer(on: loop)
    let exporter = exporter(loop, port: server.port)
    handle(exporter, .success(Array("2".utf8)), traceparent: SpanContextTests.text)
    server.run { server.frames.count == 1 }
    let success = server.frames[0]
    #expect(success.contains(#""status":{"code":1}"#) && !success.contains(#""name":"exception""#))
    #expect(
      success.contains(#""traceId":"4bf92f3577b34da6a3ce929d0e0e4736""#)
        && success.contains(#""parentSpanId":"00f067aa0ba902b7""#))
    #expect(success.contains(#"{"key":"iii.payload.json","value":{"stringValue":"{\"a\":1}"}}"#))
    handle(exporter, .failure(type: "Problem", message: "bad", stacktrace: "at f"))
    server.run { server.frames.count == 2 }
    let failure = server.frames[1]
    #expect(failure.contains(#""status":{"code":2,"message":"bad"}"#))
    #expect(failure.contains(#""name":"exception""#))
    #expect(failure.contains(#"{"key":"exception.stacktrace","value":{"stringValue":"at f"}}"#))
    #expect(failure.contains(#"{\"error\":\"bad\"}"#))
    server.close()
  }

  @Test func spansBeyondTheLimitAreLeftOutAndTold() throws {
    let loop = try EventLoop()
    defer { loop.close() }
    let server = try TelemetryServer(on: loop)
    let exporter = exporter(loop, port: server.port) {
      $0.spanBurst = 10
      $0.spansPerSecond = 0
      $0.capturesPayloads = false
    }
    for _ in 0..<100 { handle(exporter, .success([])) }
    handle(exporter, .failure(type: "E", message: "bad", stacktrace: nil))
    server.run { server.frames.count == 1 }
    let spans = server.frames[0]
    #expect(spans.split(separator: #""spanId""#).count - 1 == 9, "eight of ten, and the error")
    #expect(spans.contains(#"{"key":"iii.spans.left_out","value":{"intValue":"92"}}"#))
    #expect(!spans.contains("iii.payload.json"))
    var hasEnded = false
    exporter.shutdown(within: 1000) { hasEnded = true }
    server.run { hasEnded }
    let metrics = server.frames.last ?? ""
    #expect(metrics.contains(#"{"key":"signal","value":{"stringValue":"span"}}"#) && metrics.contains(#""asInt":"92""#))
    #expect(metrics.contains(#""count":"101""#), "every call is in the figures")
    server.close()
  }

  @Test func tracesThatAreNotSampledSendNothing() throws {
    let loop = try EventLoop()
    defer { loop.close() }
    let server = try TelemetryServer(on: loop)
    let exporter = exporter(loop, port: server.port)
    let span = exporter.begin(traceparent: SpanContextTests.text.dropLast(2) + "00")
    #expect(!span.context.isSampled)
    #expect(span.context.traceID == "4bf92f3577b34da6a3ce929d0e0e4736", "but the trace goes on")
    exporter.end(span, function: "f", baggage: nil, input: [], outcome: .success([]))
    exporter.sink.append(LogEntry(time: 1, level: .info, message: "after", logger: ""))
    exporter.sinkFilled()
    server.run { !server.frames.isEmpty }
    #expect(server.frames.count == 1 && server.frames[0].hasPrefix("LOGS"))
    server.close()
  }
}
