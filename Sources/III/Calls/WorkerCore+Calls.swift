import Transport

extension WorkerCore {
  /// Sends a call, or keeps it for the next connection; the one who waits is told its outcome, exactly once.
  func call(_ number: Int, _ request: CallRequest, _ waiter: CallWaiter) {
    checkThread()
    calls[number] = Call(functionID: request.functionID, timeout: request.timeout, waiter: waiter)
    let deadline = loop.now + request.timeout
    if link.session.isReady || isOver { submit(number, request, deadline) } else { wait(number, request, deadline) }
  }

  private func submit(_ number: Int, _ request: CallRequest, _ deadline: MonotonicTime) {
    let submission = link.call(
      request.text.span, request.members, action: request.action, deadline: deadline, context: number)
    switch submission {
    case .sent(let id): calls[number]?.id = id
    case .accepted: finish(number, .success(.null))
    case .refused(let refusal): fail(number, refusal)
    }
  }

  /// The one who waits for a call has given up.
  func cancel(_ number: Int) {
    guard let call = calls[number] else { return }
    if let id = call.id { link.cancel(id) } else { waiting.remove(number) }
    finish(number, .failure(CancellationError()))
  }

  /// A call is over.
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

  private func fail(_ number: Int, _ refusal: CallRefusal) {
    switch refusal {
    case .notConnected(let state, let lastError):
      fail(number, InvocationError.notConnected, "\(state)" + (lastError.map { ": \($0)" } ?? ""))
    case .failed(let code, let message): fail(number, code, message)
    case .tooLarge(let limit, let size):
      fail(number, InvocationError.payloadTooLarge, "the call has \(size) bytes, of at most \(limit)")
    case .queueFull: fail(number, InvocationError.notConnected, "too many calls are in flight")
    case .shuttingDown: fail(number, InvocationError.shutdown, "the worker is being shut down")
    }
  }

  func fail(_ number: Int, _ failure: CallFailure) {
    switch failure {
    case .timedOut(let milliseconds):
      // What was left when it was sent is not what its caller asked for.
      let timeout = calls[number]?.timeout ?? milliseconds
      fail(number, InvocationError.timeout, "invocation timed out after \(timeout)ms")
    case .linkLost(let reason): fail(number, InvocationError.notConnected, "the connection was lost: \(reason)")
    case .shutdown: fail(number, InvocationError.shutdown, "iii is shutting down")
    case .rejected(let code, let message): fail(number, code, message)
    case .unusable(let reason): fail(number, InvocationError.unknown, reason)
    }
  }
}

// MARK: - Without a connection

extension WorkerCore {
  /// Keeps a call for the next connection. A void one is over for its caller.
  private func wait(_ number: Int, _ request: CallRequest, _ deadline: MonotonicTime) {
    let isVoid = request.action == .void
    let entry = WaitingCalls.Entry(
      number: number, request: request, deadline: isVoid ? .distantFuture : deadline)
    guard waiting.append(entry) else {
      return fail(
        number, InvocationError.notConnected,
        "there is no connection, and too many calls wait for one already (\(waiting.count))")
    }
    if isVoid { finish(number, .success(.null)) } else { awaitExpiry() }
  }

  /// There is a connection: sends what has waited, in order.
  func sendWaiting() {
    for entry in waiting.takeAll() {
      // A void call has nobody who waits.
      submit(entry.number, entry.request, entry.deadline)
    }
    awaitExpiry()
  }

  /// There will be no connection any more.
  func dropWaiting(_ code: String, _ message: String) {
    let entries = waiting.takeAll()
    let voids = entries.count { $0.request.action == .void }
    if voids > 0 { log(.warning, "\(voids) void calls that waited for a connection were not sent: \(message)") }
    for entry in entries { fail(entry.number, code, message) }
    awaitExpiry()
  }

  private func awaitExpiry() {
    let earliest = waiting.earliest
    guard earliest != .distantFuture else { return waitTimer?.stop() ?? () }
    let timer = waitTimer ?? Timer(on: loop) { [unowned self] in expireWaiting() }
    waitTimer = timer
    timer.start(at: earliest)
  }

  private func expireWaiting() {
    for entry in waiting.takeExpired(loop.now) {
      let reason = link.status.lastError.map { ": \($0)" } ?? ""
      fail(
        entry.number, InvocationError.timeout,
        "invocation timed out after \(entry.request.timeout)ms, without a connection\(reason)")
    }
    awaitExpiry()
  }
}
