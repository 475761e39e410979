/// A stored log record.
struct LogRecord: Equatable, Sendable {
  /// In nanoseconds since 1970.
  let time: UInt64
  /// When it was noticed, in nanoseconds since 1970.
  let observedTime: UInt64
  /// 1 (trace), 5 (debug), 9 (info), 13 (warn), 17 (error), and the numbers between.
  let severity: Int64
  let severityText: String
  let body: String
  let attributes: JSONObject
  let traceID: String?
  let spanID: String?
  let serviceName: String
  let source: TelemetrySource

  /// A record of the engine's own (engine protocol, section 5.5).
  ///
  /// - Parameters:
  ///   - severity: Its number; the text follows from it.
  ///   - body: The message.
  ///   - attributes: What else was said.
  ///   - serviceName: Who said it.
  ///   - traceID: The trace that it belongs to.
  ///   - spanID: The span that it belongs to.
  ///   - time: In nanoseconds since 1970.
  init(
    severity: Int64, body: String, attributes: JSONObject, serviceName: String, traceID: String?, spanID: String?,
    time: UInt64
  ) {
    self.time = time
    observedTime = time
    self.severity = severity
    severityText = Self.text(of: severity)
    self.body = body
    self.attributes = attributes
    self.traceID = traceID
    self.spanID = spanID
    self.serviceName = serviceName
    source = TelemetrySource(resource: ["service.name": .string(serviceName)])
  }

  /// The record that OTLP describes.
  init(_ record: JSONObject, from source: TelemetrySource) {
    time = OTLP.natural(record["timeUnixNano"])
    observedTime = OTLP.natural(record["observedTimeUnixNano"])
    severity = OTLP.integer(record["severityNumber"]) ?? 0
    severityText = record["severityText"]?.string ?? Self.text(of: severity)
    let content = OTLP.plain(record["body"])
    body = content.string ?? (content == .null ? "" : content.text)
    attributes = OTLP.attributes(record["attributes"])
    traceID = OTLP.id(record["traceId"])
    spanID = OTLP.id(record["spanId"])
    serviceName = source.serviceName
    self.source = source
  }

  static func text(of severity: Int64) -> String {
    switch severity {
    case ..<5: "TRACE"
    case ..<9: "DEBUG"
    case ..<13: "INFO"
    case ..<17: "WARN"
    default: "ERROR"
    }
  }

  /// The row of lists, which is also what the trigger `log` hands to its functions (engine protocol, section 5.7).
  var row: JSONObject {
    let resource = source.resource.members.map { member in
      JSONObject.Member(name: member.name, value: .string(member.value.string ?? member.value.text))
    }
    var row: JSONObject = [
      "timestamp_unix_nano": .natural(time), "observed_timestamp_unix_nano": .natural(observedTime),
      "severity_number": .integer(severity), "severity_text": .string(severityText), "body": .string(body),
      "attributes": .object(attributes), "trace_id": JSONValue(traceID), "span_id": JSONValue(spanID),
      "resource": .object(JSONObject(resource)), "service_name": .string(serviceName),
    ]
    source.describeScope(in: &row)
    return row
  }
}
