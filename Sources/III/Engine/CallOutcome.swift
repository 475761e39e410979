/// How a call ended, in ranges of the text that is handed along.
package enum CallOutcome: Equatable, Sendable {
  /// The function's result, any JSON value; nil when the engine sent none, which means null.
  case result(Range<Int>?)
  /// The error that the engine or the function reported; each a JSON string of the text.
  case error(code: Range<Int>, message: Range<Int>, stacktrace: Range<Int>?)
  /// There is no answer, for a reason on our side of the engine.
  case failure(CallFailure)
}
