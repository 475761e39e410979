import Bytes
import IIIObservability

extension WorkerCore {
  func engineLink(
    _ link: EngineLink, invoked invocation: IncomingInvocation, _ members: InvocationMembers, _ text: Span<UInt8>
  ) {
    let token = text.extracting(members.functionID)
    let functionID = EngineLink.string(token)
    guard let worker else { return }
    guard let function = functions[functionID] else {
      link.answer(
        invocation, functionToken: token, code: "function_not_found", message: "Function '\(functionID)' not found",
        stacktrace: nil)
      return
    }
    guard let handler = function.handler else {
      if let feed = feeds[functionID] {
        return deliver(invocation, members, text, to: feed)
      }
      link.answer(
        invocation, functionToken: token, code: "function_not_invokable",
        message: "Function is HTTP-invoked and cannot be invoked locally", stacktrace: nil)
      return
    }
    func json(_ range: Range<Int>?) -> JSON? {
      range.map { JSON(valid: [UInt8](copying: text.extracting($0))) }
    }
    let call = Invocation(
      functionID: functionID, payload: json(members.payload) ?? .null, metadata: json(members.metadata),
      traceparent: members.traceparent.map { EngineLink.string(text.extracting($0)) },
      baggage: members.baggage.map { EngineLink.string(text.extracting($0)) }, worker: worker,
      invocation: invocation)
    let span = telemetry?.begin(traceparent: call.traceparent)
    let place = invocations.reserve()
    let functionToken = function.token
    // Not on the loop unless the program says so: a handler may take its time.
    let task = Task.detached(executorPreference: worker.handlerExecutor) {
      let result: Result<JSON, any Error>
      do { result = .success(try await call.run(handler, in: span)) } catch { result = .failure(error) }
      call.worker.onLoop { $0.ended(place, call, functionToken, result, span) }
    }
    invocations.started(place, InvocationTable.Entry(invocation: invocation, token: functionToken, task: task))
  }

  /// A handler has ended: its caller gets what it returned or threw.
  func ended(
    _ place: Int, _ call: Invocation, _ token: [UInt8], _ result: Result<JSON, any Error>, _ span: RunningSpan?
  ) {
    if let span { tell(span, of: call, result) }
    // Its caller has its answer already.
    if invocations.ended(place) { return }
    switch result {
    case .success(let json):
      guard let violation = json.violation else {
        if !link.answer(call.invocation, functionToken: token.span, result: json.utf8.span) {
          log(.warning, "the result of function '\(call.functionID)' was too large: \(json.utf8.count) bytes")
        }
        break
      }
      fail(
        call, token,
        InvocationError(
          code: InvocationError.invocationFailed, message: "an engine would not take the result: \(violation)"))
    case .failure(let error): fail(call, token, InvocationError(thrown: error))
    }
    if invocations.isEmpty { invocationsEnded() }
  }

  /// An engine gives every call an id, so that nobody can tell a call whose error no one hears of (engine protocol,
  /// section 3.2): people are told of each.
  private func fail(_ call: Invocation, _ token: [UInt8], _ error: InvocationError) {
    log(.warning, "function '\(call.functionID)' failed: \(error)")
    link.answer(
      call.invocation, functionToken: token.span, code: error.code, message: error.message,
      stacktrace: error.stacktrace)
  }
}
