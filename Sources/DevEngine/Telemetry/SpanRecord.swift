/// A stored span.
struct SpanRecord: Equatable, Sendable {
  let traceID: String
  let spanID: String
  let parentSpanID: String?
  let name: String
  /// In nanoseconds since 1970.
  let start: UInt64
  /// In nanoseconds since 1970; 0 while it runs.
  let end: UInt64
  /// `unset`, `ok`, or `error`.
  let status: String
  let statusMessage: String?
  let attributes: JSONObject
  let events: JSONValue
  let links: JSONValue
  let flags: Int64?
  let source: TelemetrySource

  /// The span that OTLP describes; nil without the required ids and name.
  init?(_ span: JSONObject, from source: TelemetrySource) {
    guard let traceID = OTLP.id(span["traceId"]), let spanID = OTLP.id(span["spanId"]), let name = span["name"]?.string
    else { return nil }
    self.traceID = traceID
    self.spanID = spanID
    self.name = name
    self.source = source
    parentSpanID = OTLP.id(span["parentSpanId"])
    start = OTLP.natural(span["startTimeUnixNano"])
    end = OTLP.natural(span["endTimeUnixNano"])
    let outcome = span["status"]?.object
    status =
      switch OTLP.integer(outcome?["code"]) {
      case 1: "ok"
      case 2: "error"
      default: "unset"
      }
    statusMessage = outcome?["message"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    attributes = OTLP.attributes(span["attributes"])
    flags = OTLP.integer(span["flags"])
    events = .array(
      OTLP.objects(span["events"]).map { event in
        [
          "name": .string(event["name"]?.string ?? ""), "timestamp_unix_nano": .time(event["timeUnixNano"]),
          "attributes": OTLP.pairs(OTLP.attributes(event["attributes"])),
        ]
      })
    links = .array(
      OTLP.objects(span["links"]).map { link in
        [
          "trace_id": JSONValue(OTLP.id(link["traceId"])), "span_id": JSONValue(OTLP.id(link["spanId"])),
          "trace_state": JSONValue(link["traceState"]?.string),
          "attributes": OTLP.pairs(OTLP.attributes(link["attributes"])),
        ]
      })
  }

  /// In milliseconds; 0 while it runs.
  var duration: Double { end > start ? Double(end - start) / 1_000_000 : 0 }

  /// The row of lists and trees.
  var row: JSONObject {
    var row: JSONObject = [
      "trace_id": .string(traceID), "span_id": .string(spanID), "parent_span_id": JSONValue(parentSpanID),
      "name": .string(name), "start_time_unix_nano": .natural(start), "end_time_unix_nano": .natural(end),
      "status": .string(status), "attributes": OTLP.pairs(attributes), "service_name": .string(source.serviceName),
      "events": events, "links": links,
    ]
    row["status_description"] = statusMessage.map(JSONValue.string)
    row["flags"] = flags.map(JSONValue.integer)
    if end == 0 { row["pending"] = true }
    source.describeScope(in: &row)
    return row
  }
}

extension JSONValue {
  /// A whole number of 64 bits without a sign.
  static func natural(_ number: UInt64) -> JSONValue {
    Int64(exactly: number).map(JSONValue.integer) ?? .unsigned(number)
  }

  /// A time in nanoseconds, which may be written as a string.
  static func time(_ value: JSONValue?) -> JSONValue { .natural(OTLP.natural(value)) }
}
