/// One line of the engine's log, as OpenTelemetry has it (engine protocol, section 5.7).
public struct EngineLogRecord: Sendable, Hashable {
  /// How much a line matters.
  public enum Level: String, Sendable, CaseIterable {
    /// Every line, of whatever level.
    case all
    /// 1 to 4
    case trace
    /// 5 to 8
    case debug
    /// 9 to 12
    case info
    /// 13 to 16
    case warn
    /// 17 and more
    case error
  }

  /// When it was written, in nanoseconds since 1970.
  public let timestampNanoseconds: Int
  /// How much it matters, as OpenTelemetry counts.
  public let severityNumber: Int?
  /// How much it matters, in a word.
  public let severityText: String?
  /// What it says.
  public let body: String
  /// What was written with it.
  public let attributes: JSON?
  /// The trace that it belongs to, 32 hexadecimal digits.
  public let traceID: String?
  /// The span that it belongs to, 16 hexadecimal digits.
  public let spanID: String?
  /// What wrote it.
  public let serviceName: String?
  /// Everything that the engine told, as it came.
  public let json: JSON

  init?(_ row: DiscoveryRow) {
    guard let body = row.string("body") ?? row.value("body")?.text else { return nil }
    self.body = body
    timestampNanoseconds = row.integer("timestamp_unix_nano") ?? 0
    severityNumber = row.integer("severity_number")
    severityText = row.string("severity_text")
    attributes = row.value("attributes")
    traceID = row.string("trace_id")
    spanID = row.string("span_id")
    serviceName = row.string("service_name")
    json = row.json
  }
}
