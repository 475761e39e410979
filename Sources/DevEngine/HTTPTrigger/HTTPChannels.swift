/// The engine's ends of the two channels of a request: it writes the request's body into one, and reads the answer from the
/// other (engine protocol, section 5.7).
final class HTTPChannels {
  /// What the function has written.
  enum Item {
    case text(String)
    case bytes([UInt8])
  }

  /// The references for the function.
  let requestBody: JSONValue
  let response: JSONValue
  /// Called when ``isFull`` is over.
  var drained: (() -> Void)?
  var received: ((Item) -> Void)?
  var ended: (() -> Void)?

  init?(on engine: DevEngineServer) { return nil }

  /// Whether nothing more is to be written for now.
  var isFull: Bool { false }
  func write(_ bytes: Span<UInt8>) {}
  /// The body is complete.
  func finish() {}
  func pauseReading() {}
  func resumeReading() {}
  func close() {}
}
