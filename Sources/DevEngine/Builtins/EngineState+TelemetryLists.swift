// The queries over logs and metrics.
extension EngineState {
  /// `engine::logs::list`: oldest first.
  func listLogs(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let input = try call.members()
    let trace = try input.optionalString("trace_id")?.lowercased()
    let span = try input.optionalString("span_id")?.lowercased()
    let severity = try input.optionalNatural("severity_min").map { Int64($0) }
    let text = try input.optionalString("severity_text")?.uppercased()
    let earliest = try input.optionalNatural("start_time").map { UInt64($0) &* 1_000_000 }
    let latest = try input.optionalNatural("end_time").map { UInt64($0) &* 1_000_000 }
    let offset = try input.optionalNatural("offset") ?? 0
    let limit = try input.optionalNatural("limit")
    let found = telemetry.logs.elements.filter { record in
      (trace == nil || record.traceID == trace) && (span == nil || record.spanID == span)
        && (severity.map { record.severity >= $0 } ?? true)
        && (text.map { record.severityText.uppercased() == $0 } ?? true)
        && (earliest.map { record.time >= $0 } ?? true) && (latest.map { record.time <= $0 } ?? true)
    }
    let page = found.dropFirst(offset).prefix(limit ?? .max)
    return .result([
      "logs": .array(page.map { .object($0.row) }), "total": .integer(Int64(found.count)),
      "timestamp": timestamp(call),
    ])
  }

  /// `engine::logs::clear`: forgets all log records.
  mutating func clearLogs(_ call: BuiltinCall) throws -> BuiltinOutcome {
    _ = try call.members()
    telemetry.clearLogs()
    return .result(["success": true])
  }

  /// `engine::metrics::list`: what workers reported within the last two minutes.
  mutating func listMetrics(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let input = try call.members()
    let name = try input.optionalString("metric_name")
    let earliest = try input.optionalNatural("start_time")
    let latest = try input.optionalNatural("end_time")
    telemetry.forgetMetrics(wallClock: wallClock(call.now))
    let rows = telemetry.metrics.elements.filter { metric in
      (name == nil || metric.name == name) && (earliest.map { metric.received >= $0 } ?? true)
        && (latest.map { metric.received <= $0 } ?? true)
    }
    return .result(["sdk_metrics": .array(rows.map { .object($0.row) }), "timestamp": timestamp(call)])
  }

  /// `engine::sampling::rules`: everything is kept.
  func describeSampling(_ call: BuiltinCall) throws -> BuiltinOutcome {
    _ = try call.members()
    return .result([
      "traces": ["default_ratio": .double(1), "rules": [], "parent_based": true],
      "logs": ["sampling_ratio": .double(1)], "timestamp": timestamp(call),
    ])
  }

  /// `engine::health::check`: how much is stored.
  func checkHealth(_ call: BuiltinCall) throws -> BuiltinOutcome {
    _ = try call.members()
    func healthy(_ details: JSONObject) -> JSONValue { ["status": "healthy", "details": .object(details)] }
    return .result([
      "status": "healthy", "version": .string(DevEngine.version), "timestamp": timestamp(call),
      "components": [
        "otel": healthy(["enabled": true, "service_name": "iii-dev-engine", "exporter": "Memory"]),
        "metrics": healthy(["stored_metrics": .integer(Int64(telemetry.metrics.count))]),
        "logs": healthy(["stored_logs": .integer(Int64(telemetry.logs.count))]),
        "spans": healthy(["stored_spans": .integer(Int64(telemetry.spans.count))]),
      ],
    ])
  }

  private func timestamp(_ call: BuiltinCall) -> JSONValue { .integer(Int64(wallClock(call.now))) }
}
