import RawJSON

extension JSONValue {
  /// The value of a JSON text, by the rules of a real engine's JSON library (engine protocol, section 0).
  ///
  /// - Throws: What is wrong with it, and where.
  init(parsing text: Span<UInt8>) throws(DecodingFailure) {
    var envelope = JSONEnvelope()
    do {
      try envelope.scan(text)
    } catch {
      throw DecodingFailure("no JSON: \(error)")
    }
    if let violation = envelope.violation { throw DecodingFailure("no JSON for an engine: \(violation)") }
    self = JSONReader.read(text)
  }
}
