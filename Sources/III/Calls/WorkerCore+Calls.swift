import Transport

extension WorkerCore {
  /// Sends a call; the one who waits is told its outcome, exactly once.
  func call(_ number: Int, _ request: CallRequest, _ waiter: CallWaiter) {
    checkThread()
    calls[number] = Call(functionID: request.functionID, waiter: waiter)
    let submission = link.call(
      request.text.span, request.members, action: request.action, deadline: loop.now + request.timeout,
      context: number)
    switch submission {
    case .sent(let id): calls[number]?.id = id
    case .accepted: finish(number, .success(.null))
    case .refused(let refusal): fail(number, refusal)
    }
  }

  /// The one who waits for a call has given up.
  func cancel(_ number: Int) {
    guard let call = calls[number] else { return }
    if let id = call.id { link.cancel(id) }
    finish(number, .failure(CancellationError()))
  }

  func finish(_ number: Int, _ result: Result<JSON, any Error>) {
    calls.removeValue(forKey: number)?.waiter.end(result)
  }

  func fail(_ number: Int, _ code: String, _ message: String, stacktrace: String? = nil) {
    guard let call = calls[number] else { return }
    finish(
      number,
      .failure(
        InvocationError(
          code: code, message: message, functionID: call.functionID, stacktrace: stacktrace,
          invocationID: call.id?.id.description)))
  }

  func fail(_ number: Int, _ refusal: CallRefusal) {
    switch refusal {
    case .notConnected(let state, let lastError):
      fail(number, InvocationError.notConnected, "\(state)" + (lastError.map { ": \($0)" } ?? ""))
    case .failed(let code, let message): fail(number, code, message)
    case .tooLarge(let limit, let size):
      fail(number, InvocationError.payloadTooLarge, "the call has \(size) bytes, of at most \(limit)")
    case .queueFull: fail(number, InvocationError.notConnected, "too many calls wait for the connection")
    case .shuttingDown: fail(number, InvocationError.shutdown, "the worker is being shut down")
    }
  }
}
