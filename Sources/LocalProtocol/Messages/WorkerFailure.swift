/// A worker's error, as JSON string tokens with their quotes in the text it was read from.
package struct WorkerFailure: Equatable, Sendable {
  /// The worker's own code; nil when it gave none that is a string, which means `invocation_failed`.
  package let code: Range<Int>?

  /// What happened; nil when it did not say.
  package let message: Range<Int>?

  /// Where it happened.
  package let stacktrace: Range<Int>?
}
