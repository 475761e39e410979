/// The spans that have one value of an attribute, as `engine::traces::group_by` shows them.
struct TraceGroup {
  let value: String
  private var label: (text: String, time: UInt64)?
  private var traceIDs: [String] = []
  private var spanCount = 0
  private var errorCount = 0
  /// When the first one began, in nanoseconds since 1970.
  private(set) var first = UInt64.max
  private var last: UInt64 = 0

  init(value: String) { self.value = value }

  /// - Parameters:
  ///   - span: One more.
  ///   - attribute: The attribute that labels the group; the newest span's counts.
  mutating func add(_ span: SpanRecord, label attribute: String?) {
    spanCount += 1
    if span.status == "error" { errorCount += 1 }
    if !traceIDs.contains(span.traceID) { traceIDs.append(span.traceID) }
    first = min(first, span.start)
    last = max(last, span.end, span.start)
    if let text = attribute.flatMap({ span.attributes[$0] }), span.start >= label?.time ?? 0 {
      label = (text.string ?? text.text, span.start)
    }
  }

  var row: JSONObject {
    [
      "value": .string(value), "label": JSONValue(label?.text), "trace_ids": .array(traceIDs.map(JSONValue.string)),
      "span_count": .integer(Int64(spanCount)), "first_seen_ms": .natural(first / 1_000_000),
      "last_seen_ms": .natural(last / 1_000_000), "duration_ms": .natural((last - first) / 1_000_000),
      "error_count": .integer(Int64(errorCount)),
    ]
  }
}
