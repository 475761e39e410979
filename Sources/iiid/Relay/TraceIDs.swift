/// The ids in a W3C `traceparent`.
struct TraceIDs {
  let traceID: String
  let spanID: String

  /// Nil when the text is none.
  init?(_ traceparent: String) {
    let parts = traceparent.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[1].utf8.count == 32, parts[2].utf8.count == 16,
      (parts[1] + parts[2]).allSatisfy({ $0.isASCII && $0.isHexDigit })
    else { return nil }
    traceID = String(parts[1])
    spanID = String(parts[2])
  }
}
