// Engine protocol, sections 5.7 and 7.
extension EngineState {
  /// A telemetry frame arrived, on whatever connection.
  package mutating func received(_ frame: TelemetryFrame, now: Int) {
    switch frame.kind {
    case .spans: telemetry.storeSpans(frame.content, now)
    case .metrics: telemetry.storeMetrics(frame.content, wallClock: wallClock(now))
    case .logs:
      for record in telemetry.logRecords(frame.content) { keep(record, now) }
    }
  }

  /// Stores a log record and tells the functions that are bound to its level.
  mutating func keep(_ record: LogRecord, _ now: Int) {
    telemetry.store(record)
    fire(OwnTriggerType.log, .object(record.row), now) { binding in
      LogTrigger.severity(of: binding.config) ?? 0 <= record.severity
    }
  }

  /// Time to tell of new traces.
  mutating func reportTraces(_ now: Int) {
    let traces = telemetry.takeFreshTraces()
    guard !traces.isEmpty else { return }
    fire(OwnTriggerType.trace, ["trace_ids": .array(traces.map(JSONValue.string))], now)
  }

  /// `engine::log::trace` to `engine::log::error`: a record among the others, and a line in the engine's own log at
  /// level debug (engine protocol, section 5.5).
  mutating func logLine(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let input = try call.members()
    let message = try input.requiredString("message")
    let data = input.optionalValue("data")
    var record: JSONObject = [:]
    switch data {
    case .object(let members)?: record = members
    case let value?: record["data"] = value
    case nil: break
    }
    let context = TraceFields(call.trace.traceparent)
    let service = try input.optionalString("service_name")
    let caller = call.caller.flatMap { workers[$0]?.displayName }
    keep(
      LogRecord(
        severity: LogTrigger.severities[String(call.functionID.split(separator: ":").last ?? "")] ?? 9, body: message,
        attributes: record, serviceName: service ?? caller ?? "iii",
        traceID: try input.optionalString("trace_id") ?? context?.traceID,
        spanID: try input.optionalString("span_id") ?? context?.spanID,
        time: UInt64(clamping: wallClock(call.now)) * 1_000_000), call.now)
    let line = "\(call.functionID) from \(service ?? caller ?? "?"): \(message)"
    log(.debug, data.map { "\(line) \($0.text)" } ?? line)
    return .result(nil)
  }
}
