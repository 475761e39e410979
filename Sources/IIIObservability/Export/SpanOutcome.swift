/// How the handling of a call came out.
package enum SpanOutcome: Sendable {
  /// The result, a JSON text.
  case success([UInt8])
  case failure(type: String, message: String, stacktrace: String?)
}
