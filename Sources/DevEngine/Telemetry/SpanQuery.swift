/// Which spans `engine::traces::list` is asked for.
struct SpanQuery {
  private let traceIDs: Set<String>?
  private let allSpans: Bool
  private let serviceName: String?
  private let name: String?
  private let status: String?
  private let minimumDuration: Double?
  private let maximumDuration: Double?
  /// In nanoseconds since 1970.
  private let earliest: UInt64?
  private let latest: UInt64?
  private let attributes: [(key: String, value: String)]

  init(_ input: JSONObject) throws(DecodingFailure) {
    var ids = try input.optionalStrings("trace_ids")
    if let id = try input.optionalString("trace_id") { ids = [id] }
    traceIDs = ids.map { ids in Set(ids.map { $0.lowercased() }) }
    allSpans = try input.optionalBoolean("search_all_spans") ?? false
    serviceName = try input.optionalString("service_name")?.lowercased()
    name = try input.optionalString("name")?.lowercased()
    status = try input.optionalString("status")?.lowercased()
    minimumDuration = OTLP.double(input["min_duration_ms"])
    maximumDuration = OTLP.double(input["max_duration_ms"])
    earliest = try input.optionalNatural("start_time").map { UInt64($0) &* 1_000_000 }
    latest = try input.optionalNatural("end_time").map { UInt64($0) &* 1_000_000 }
    attributes = (input["attributes"]?.array ?? []).compactMap { pair in
      guard let sides = pair.array, sides.count == 2, let key = sides[0].string, let value = sides[1].string else {
        return nil
      }
      return (key, value)
    }
  }

  func matches(_ span: SpanRecord) -> Bool {
    if let traceIDs {
      guard traceIDs.contains(span.traceID) else { return false }
    } else if !allSpans, span.parentSpanID != nil {
      return false
    }
    if let serviceName, !span.source.serviceName.lowercased().contains(serviceName) { return false }
    if let name, !span.name.lowercased().contains(name) { return false }
    if let status, !span.status.contains(status) { return false }
    if let minimumDuration, span.duration < minimumDuration { return false }
    if let maximumDuration, span.duration > maximumDuration { return false }
    if let earliest, span.end != 0, span.end < earliest { return false }
    if let latest, span.start > latest { return false }
    return attributes.allSatisfy { pair in
      span.attributes[pair.key].map { $0.string ?? $0.text } == pair.value
    }
  }

  /// Whether one span stands before another, as the input says.
  static func order(_ input: JSONObject) throws(DecodingFailure) -> (SpanRecord, SpanRecord) -> Bool {
    let precedes: (SpanRecord, SpanRecord) -> Bool =
      switch try input.optionalString("sort_by") {
      case "duration", "duration_ms": { $0.duration < $1.duration }
      case "service_name": { $0.source.serviceName.precedes($1.source.serviceName) }
      case "name": { $0.name.precedes($1.name) }
      default: { $0.start < $1.start }
      }
    return try input.optionalString("sort_order") == "desc" ? { precedes($1, $0) } : precedes
  }
}
