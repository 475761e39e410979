/// Telemetry frames (engine protocol, section 7.1): four ASCII bytes, then OTLP as JSON. They are accepted and not kept.
enum Telemetry {
  /// Whether a binary frame is one: spans, metrics, or logs.
  static func isTelemetry(_ payload: Span<UInt8>) -> Bool {
    starts(payload, "OTLP") || starts(payload, "MTRC") || starts(payload, "LOGS")
  }

  private static func starts(_ payload: Span<UInt8>, _ prefix: StaticString) -> Bool {
    let bytes = prefix.description.utf8
    guard payload.count >= bytes.count else { return false }
    return zip(0..., bytes).allSatisfy { payload[$0] == $1 }
  }
}
