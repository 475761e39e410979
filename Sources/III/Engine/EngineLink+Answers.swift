import Transport
import WebSocket

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
    guard isCurrent(invocation) else { return true }
    let frame = OutgoingAnswer(id: invocation.id)
    let size = frame.size(functionToken: functionToken, result: text.count)
    guard fits(size, frame, functionToken) else { return false }
    connection?.send(.text, sizeHint: size) { frame.append(functionToken: functionToken, result: text, to: &$0) }
    return true
  }

  /// Answers an invocation with an error. Dropped and counted when its connection is gone.
  ///
  /// - Returns: As ``answer(_:functionToken:result:)``.
  @discardableResult
  package func answer(
    _ invocation: IncomingInvocation, functionToken: Span<UInt8>, code: String, message: String, stacktrace: String?
  ) -> Bool {
    guard isCurrent(invocation) else { return true }
    let frame = OutgoingAnswer(id: invocation.id)
    let size = frame.size(
      functionToken: functionToken, code: code.utf8.count + 2, message: message.utf8.count + 2,
      stacktrace: stacktrace.map { $0.utf8.count + 2 })
    // Escapes make a string up to six times as long; this is about what no one writes by hand.
    guard fits(size, frame, functionToken) else { return false }
    connection?.send(.text, sizeHint: size) {
      frame.append(functionToken: functionToken, code: code, message: message, stacktrace: stacktrace, to: &$0)
    }
    return true
  }

  /// Answers an invocation with an error whose strings are JSON strings of `text`, in quotes.
  ///
  /// - Returns: As ``answer(_:functionToken:result:)``.
  @discardableResult
  package func answer(
    _ invocation: IncomingInvocation, functionToken: Span<UInt8>, errorTokens text: Span<UInt8>, code: Range<Int>,
    message: Range<Int>, stacktrace: Range<Int>?
  ) -> Bool {
    guard isCurrent(invocation) else { return true }
    let frame = OutgoingAnswer(id: invocation.id)
    let size = frame.size(
      functionToken: functionToken, code: code.count, message: message.count, stacktrace: stacktrace?.count)
    guard fits(size, frame, functionToken) else { return false }
    connection?.send(.text, sizeHint: size) {
      frame.append(
        functionToken: functionToken, errorTokens: text, code: code, message: message, stacktrace: stacktrace, to: &$0)
    }
    return true
  }

  /// Whether the invocation came on the present connection.
  private func isCurrent(_ invocation: IncomingInvocation) -> Bool {
    if invocation.generation == generation, session.isOpen { return true }
    droppedAnswers += 1
    return false
  }

  /// Whether a frame of `size` bytes may go out; if not, the caller is told in its place.
  private func fits(_ size: Int, _ frame: OutgoingAnswer, _ functionToken: Span<UInt8>) -> Bool {
    guard size > options.maximumMessage else { return true }
    let message = "the answer has \(size) bytes, of at most \(options.maximumMessage)"
    connection?.send(.text, sizeHint: 256 + functionToken.count) {
      frame.append(
        functionToken: functionToken, code: "payload_too_large", message: message, stacktrace: nil, to: &$0)
    }
    return false
  }
}
