import RawJSON

/// A telemetry frame: four ASCII bytes that say what it holds, then OTLP as JSON (engine protocol, section 7.1). It may
/// come on `/otel` and on `/`.
package struct TelemetryFrame: Equatable, Sendable {
  /// What a frame holds, by its first four bytes.
  package enum Kind: String, CaseIterable, Sendable {
    case spans = "OTLP"
    case metrics = "MTRC"
    case logs = "LOGS"
  }

  package let kind: Kind
  package let content: JSONObject

  package init(kind: Kind, content: JSONObject) {
    self.kind = kind
    self.content = content
  }

  /// What a binary frame holds when it is one of telemetry; nil for every other.
  package static func kind(of payload: Span<UInt8>) -> Kind? {
    guard payload.count >= 4 else { return nil }
    return Kind.allCases.first { kind in zip(0..., kind.rawValue.utf8).allSatisfy { payload[$0] == $1 } }
  }

  /// Reads a frame of that kind.
  ///
  /// - Throws: Why nothing of it can be stored.
  package init(_ kind: Kind, _ payload: Span<UInt8>) throws(DecodingFailure) {
    let text = payload.extracting(4...)
    var envelope = JSONEnvelope()
    do {
      try envelope.scan(text)
    } catch {
      throw DecodingFailure("no JSON: \(error)")
    }
    if let violation = envelope.violation { throw DecodingFailure("no JSON for an engine: \(violation)") }
    guard let content = JSONReader.read(text).object else { throw DecodingFailure("no object") }
    self.init(kind: kind, content: content)
  }
}
