/// The W3C trace context of a call, carried on as it came.
package struct TraceContext: Equatable, Sendable {
  package var traceparent: String?
  package var baggage: String?

  package init(traceparent: String? = nil, baggage: String? = nil) {
    self.traceparent = traceparent
    self.baggage = baggage
  }

  /// The baggage member in which an engine names the invoked function.
  private static let functionMember = "iii.function.id"

  /// The context for the executor: a traced call's baggage names the function that is invoked (engine protocol, section
  /// 3.8); a call without any context stays without.
  func naming(function id: String) -> TraceContext {
    guard traceparent != nil || baggage != nil else { return self }
    return TraceContext(traceparent: traceparent, baggage: Baggage(baggage).setting(Self.functionMember, to: id).text)
  }

  /// The context with a span of the engine's own, named by `id`: in the caller's trace, or in a new one that `id` names
  /// too (W3C Trace Context, section 3.2).
  func entering(span id: InvocationID) -> TraceContext {
    let digits = id.description.filter { $0 != "-" }
    let fields = (traceparent ?? "").split(separator: "-", omittingEmptySubsequences: false)
    let isKnown = fields.count == 4 && fields[1].utf8.count == 32
    let trace = isKnown ? String(fields[1]) : digits
    return TraceContext(
      traceparent: "00-\(trace)-\(digits.suffix(16))-\(isKnown ? String(fields[3]) : "01")", baggage: baggage)
  }

  /// The context for a queue's provider, which is told the target even when the call is not traced.
  func namingTarget(_ id: String) -> TraceContext {
    TraceContext(traceparent: traceparent, baggage: Baggage(baggage).setting(Self.functionMember, to: id).text)
  }
}
