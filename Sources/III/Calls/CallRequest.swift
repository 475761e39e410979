import IIIObservability
import RawJSON

/// A call that a program wants, as the link takes it: one text, and where its members stand.
struct CallRequest: Sendable {
  /// The function.
  var functionID: String
  /// All members, one behind the other.
  var text: [UInt8]
  /// Where they stand in it.
  var members: InvocationMembers
  /// How it is carried out.
  var action: CallAction
  /// In milliseconds.
  var timeout: Int

  /// The most bytes of an argument with its metadata: what an engine takes in one message.
  static let limit = 64 << 20

  /// The call for `request`; `timeout` is for one that says none.
  ///
  /// - Throws: `INVALID_ARGUMENT` or `payload_too_large`, for what an engine would drop without a word.
  init<Output>(_ request: TriggerRequest<Output>, timeout: Duration) throws(InvocationError) {
    functionID = request.functionID
    try Self.check(request)
    // Zero says nothing, as in the other SDKs (engine protocol, section 3.5).
    self.timeout = (request.timeout.flatMap { $0 > .zero ? $0 : nil } ?? timeout).milliseconds
    action = request.action
    var text = EngineLink.token(functionID)
    members = InvocationMembers(functionID: 0..<text.count)
    func place(_ bytes: [UInt8]) -> Range<Int> {
      text += bytes
      return (text.count - bytes.count)..<text.count
    }
    members.payload = place(request.payload.utf8)
    members.metadata = request.metadata.map { place($0.utf8) }
    members.namespace = request.namespace.map { place(EngineLink.token($0)) }
    members.queue = request.queue.map { place(EngineLink.token($0)) }
    if let scope = TelemetryScope.current {
      members.traceparent = scope.span.map { place(EngineLink.token($0.traceparent)) }
      members.baggage = scope.baggage.map { place(EngineLink.token($0)) }
    }
    self.text = text
  }

  private static func check<Output>(_ request: TriggerRequest<Output>) throws(InvocationError) {
    func invalid(_ message: String) -> InvocationError {
      InvocationError(code: InvocationError.invalidArgument, message: message, functionID: request.functionID)
    }
    if request.functionID.allSatisfy(\.isWhitespace) { throw invalid("a function id is needed") }
    if let namespace = request.namespace, namespace.allSatisfy(\.isWhitespace) {
      throw invalid("the namespace is blank: give it a name, or leave it out")
    }
    if let queue = request.queue, queue.allSatisfy(\.isWhitespace) { throw invalid("the queue's name is blank") }
    if let violation = request.payload.violation ?? request.metadata?.violation {
      throw invalid("an engine would not take the call: \(violation)")
    }
    let size = request.payload.utf8.count + (request.metadata?.utf8.count ?? 0)
    if size > limit {
      throw InvocationError(
        code: InvocationError.payloadTooLarge, message: "the call has more than \(size) bytes, of at most \(limit)",
        functionID: request.functionID)
    }
  }
}

extension Duration {
  /// Whole milliseconds, rounded up; at least 0.
  var milliseconds: Int {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    guard seconds < Int64.max / 2000 else { return Int.max / 2 }
    return Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
