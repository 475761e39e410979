/// What workers tell of themselves: spans, log records, metrics. Kept in memory and bounded. A part of ``EngineState``.
struct TelemetryStore {
  /// How long samples of metrics are kept, in milliseconds (engine protocol, section 7.5).
  static let metricLifetime = 120_000
  /// How long traces are gathered before the trigger `trace` fires, in milliseconds (engine protocol, section 5.7).
  static let traceDelay = 300
  /// How many traces one firing of `trace` names.
  static let maximumReportedTraces = 1000

  private(set) var spans = BoundedList<SpanRecord>(maximumCount: 10_000, maximumSize: 64 << 20)
  private(set) var logs = BoundedList<LogRecord>(maximumCount: 10_000, maximumSize: 32 << 20)
  private(set) var metrics = BoundedList<MetricRecord>(maximumCount: 10_000, maximumSize: 16 << 20)
  /// Traces that got spans since the trigger `trace` fired last.
  private(set) var freshTraces: Set<String> = []
  /// When the trigger `trace` is to fire; nil for never.
  private(set) var traceDeadline: Int?

  /// Stores the spans of a frame; one that is there already takes the place of its unfinished form.
  mutating func storeSpans(_ content: JSONObject, _ now: Int) {
    OTLP.forEach("spans", in: "scopeSpans", of: "resourceSpans", content) { span, source in
      guard let record = SpanRecord(span, from: source) else { return }
      spans.append(record, size: JSONValue.object(span).sizeEstimate)
      if freshTraces.count < Self.maximumReportedTraces { freshTraces.insert(record.traceID) }
      if traceDeadline == nil { traceDeadline = now + Self.traceDelay }
    }
  }

  /// The log records of a frame, not stored yet.
  func logRecords(_ content: JSONObject) -> [LogRecord] {
    var records: [LogRecord] = []
    OTLP.forEach("logRecords", in: "scopeLogs", of: "resourceLogs", content) { record, source in
      records.append(LogRecord(record, from: source))
    }
    return records
  }

  mutating func store(_ record: LogRecord) {
    logs.append(record, size: record.body.utf8.count + JSONValue.object(record.attributes).sizeEstimate + 200)
  }

  /// Stores the metrics of a frame.
  ///
  /// - Parameters:
  ///   - content: The frame's content.
  ///   - wallClock: In milliseconds since 1970.
  mutating func storeMetrics(_ content: JSONObject, wallClock: Int) {
    OTLP.forEach("metrics", in: "scopeMetrics", of: "resourceMetrics", content) { metric, source in
      guard let record = MetricRecord(metric, from: source, received: wallClock) else { return }
      metrics.append(record, size: JSONValue.object(metric).sizeEstimate)
    }
    forgetMetrics(wallClock: wallClock)
  }

  /// Lets go what is too old.
  mutating func forgetMetrics(wallClock: Int) {
    metrics.removePrefix { $0.received < wallClock - Self.metricLifetime }
  }

  /// The traces that the trigger `trace` tells of now.
  mutating func takeFreshTraces() -> [String] {
    defer {
      freshTraces = []
      traceDeadline = nil
    }
    return freshTraces.sorted()
  }

  mutating func clearSpans() { spans.removeAll() }

  mutating func clearLogs() { logs.removeAll() }

  /// All spans, of two with one id the later: a finished span follows its unfinished form.
  var currentSpans: [SpanRecord] {
    var positions: [String: Int] = [:]
    var current: [SpanRecord] = []
    for span in spans.elements {
      let key = span.traceID + span.spanID
      if let position = positions[key] {
        current[position] = span
      } else {
        positions[key] = current.count
        current.append(span)
      }
    }
    return current
  }
}
