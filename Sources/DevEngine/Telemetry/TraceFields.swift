/// The ids in a `traceparent` (W3C Trace Context, section 3.2).
struct TraceFields: Equatable {
  let traceID: String
  let spanID: String

  /// Nil for none, or for a text of another form.
  init?(_ traceparent: String?) {
    let fields = (traceparent ?? "").split(separator: "-", omittingEmptySubsequences: false)
    guard fields.count >= 4, fields[1].utf8.count == 32, fields[2].utf8.count == 16 else { return nil }
    traceID = fields[1].lowercased()
    spanID = fields[2].lowercased()
  }
}
