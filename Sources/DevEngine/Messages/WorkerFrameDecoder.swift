import RawJSON

/// Reads workers' frames as a real engine does: each is decoded whole, and what its JSON library would not take is
/// dropped (engine protocol, section 0). One per server; it keeps nothing between frames but memory.
package struct WorkerFrameDecoder {
  private var envelope = JSONEnvelope()

  package init() {}

  /// The message in a frame's text; nil for a frame of white space, which is skipped silently.
  ///
  /// - Throws: Why the frame is dropped.
  package mutating func decode(_ text: Span<UInt8>) throws(DecodingFailure) -> WorkerMessage? {
    if Self.isBlank(text) { return nil }
    do {
      try envelope.scan(text)
    } catch {
      throw DecodingFailure("no JSON: \(error)")
    }
    if let violation = envelope.violation { throw DecodingFailure("no JSON for an engine: \(violation)") }
    return try WorkerMessage(JSONReader.read(text))
  }

  private static func isBlank(_ text: Span<UInt8>) -> Bool {
    for index in text.indices where text[index] != 0x20 && !(text[index] >= 0x09 && text[index] <= 0x0d) {
      return false
    }
    return true
  }
}
