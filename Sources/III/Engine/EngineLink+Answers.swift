extension EngineLink {
  /// Answers an invocation with a result. Dropped and counted when its connection is gone.
  ///
  /// - Parameters:
  ///   - invocation: What came in.
  ///   - functionToken: The function's id, a JSON string with its quotes.
  ///   - text: A JSON value, checked for what an engine does not take.
  /// - Returns: False when the result is larger than an engine takes; an error with the code `payload_too_large` went
  ///   out instead.
  @discardableResult
  package func answer(
    _ invocation: IncomingInvocation, functionToken: Span<UInt8>, result text: Span<UInt8>
  ) -> Bool {
    true
  }

  /// Answers an invocation with an error. Dropped and counted when its connection is gone.
  package func answer(
    _ invocation: IncomingInvocation, functionToken: Span<UInt8>, code: String, message: String, stacktrace: String?
  ) {
  }

  /// Answers an invocation with an error whose strings are JSON strings of `text`, in quotes.
  ///
  /// - Returns: As ``answer(_:functionToken:result:)``.
  @discardableResult
  package func answer(
    _ invocation: IncomingInvocation, functionToken: Span<UInt8>, errorTokens text: Span<UInt8>, code: Range<Int>,
    message: Range<Int>, stacktrace: Range<Int>?
  ) -> Bool {
    true
  }
}
