import IIIObservability
import Transport

extension WorkerCore {
  /// Begins to connect; the continuation is resumed when connected, refused or late, without a timeout at once.
  func start(timeout: Int, _ continuation: CheckedContinuation<Void, any Error>) {
    checkThread()
    guard timeout > 0 else {
      link.start()
      return continuation.resume()
    }
    connecting = continuation
    let timer = Timer(on: loop) { [unowned self] in
      connected(
        .failure(
          ConnectionError(
            code: InvocationError.timeout,
            message: "not connected after \(timeout) ms" + (link.status.lastError.map { ": \($0)" } ?? ""))))
    }
    timer.start(after: timeout)
    connectTimer = timer
    link.start()
  }

  /// Ends the wait for the first connection.
  func connected(_ result: Result<Void, any Error>) {
    connectTimer?.close()
    connectTimer = nil
    connecting?.resume(with: result)
    connecting = nil
  }

  /// Waits for the end: a shutdown, or, as an error, a refusal for good.
  func run(_ continuation: CheckedContinuation<Void, any Error>) {
    if ending == .over { return continuation.resume() }
    if let error = refusal { return continuation.resume(throwing: error) }
    running.append(continuation)
  }

  /// Whether no call is taken any more.
  var isOver: Bool { ending == .closing || ending == .over || link.refusal != nil }

  /// Why the worker is not connected and never will be.
  var refusal: ConnectionError? {
    link.refusal.map { ConnectionError(code: $0.code, message: $0.message) }
  }

  /// Everybody who waits hears that it is over.
  func end(_ error: ConnectionError?) {
    let shutdown = ConnectionError(code: InvocationError.shutdown, message: "the worker was shut down")
    connected(.failure(error ?? shutdown))
    let reason = error ?? shutdown
    dropWaiting(reason.code, reason.message)
    endFeeds()
    endFunctions()
    for continuation in running {
      if let error { continuation.resume(throwing: error) } else { continuation.resume() }
    }
    running = []
    endTriggers()
    endChannels()
  }
}

// MARK: - Shutting down

extension WorkerCore {
  /// How long the engine may take to answer the close, in milliseconds, when the handlers have used up the time.
  private static let closeLimit = 500

  /// Takes the functions back, lets running handlers finish, and shuts the link down; the continuation is resumed when
  /// that is done.
  func shutdown(timeout: Int, _ continuation: CheckedContinuation<Void, Never>) {
    guard ending != .over else { return continuation.resume() }
    stopping.append(continuation)
    let deadline = loop.now + timeout
    switch ending {
    case .none:
      ending = .draining
      // The engine calls them no more, while what they have begun is answered.
      link.drain()
      guard !invocations.isEmpty else { return close(deadline) }
      guard timeout > 0 else { return drainingEnded() }
      drain(until: deadline)
    // Whoever comes later may be in more of a hurry.
    case .draining: drain(until: deadline)
    case .closing, .over: break
    }
  }

  private func drain(until deadline: MonotonicTime) {
    if let drainDeadline, drainDeadline <= deadline { return }
    drainDeadline = deadline
    let timer = drainTimer ?? Timer(on: loop) { [unowned self] in drainingEnded() }
    drainTimer = timer
    timer.start(at: deadline)
  }

  /// The time of the handlers is over: their callers hear it, and they are cancelled.
  private func drainingEnded() {
    for entry in invocations.cancelAll() {
      link.answer(
        entry.invocation, functionToken: entry.token.span, code: InvocationError.shutdown,
        message: "the worker was shut down meanwhile", stacktrace: nil)
    }
    close(loop.now + Self.closeLimit)
  }

  /// The last handler that ran has ended.
  func invocationsEnded() {
    guard ending == .draining else { return }
    close(max(drainDeadline ?? loop.now, loop.now + Self.closeLimit))
  }

  private func close(_ deadline: MonotonicTime) {
    ending = .closing
    drainTimer?.close()
    drainTimer = nil
    link.shutdown(deadline: deadline)
  }

  /// The link is shut down; what telemetry has gathered still goes out.
  func stopped() {
    guard let telemetry else { return telemetryEnded() }
    telemetry.shutdown(within: Self.flushLimit) { [weak self] in self?.telemetryEnded() }
  }

  /// How long telemetry may take for what is left of it, in milliseconds.
  private static let flushLimit = 1000

  private func telemetryEnded() {
    telemetry = nil
    ending = .over
    end(nil)
    for continuation in stopping { continuation.resume() }
    stopping = []
    waitTimer?.close()
    waitTimer = nil
    for listener in listeners.values { listener.finish() }
    listeners = [:]
  }
}
