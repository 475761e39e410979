import Transport

/// What a ``Worker`` does on its loop: a plain object, so that everything in it is synchronous.
///
/// Owned by its worker, made and used on the loop's thread only. Owns the link, the handlers and everybody who waits.
final class WorkerCore {
  let loop: EventLoop
  let link: EngineLink
  /// Answers come back through it; weak, because it owns us.
  weak var worker: Worker?

  /// The registered functions.
  var functions: [String: ServedFunction] = [:]
  /// The handlers that run.
  var invocations = InvocationTable()
  /// Who waits for the result of a call, by the call's context.
  var calls: [Int: Call] = [:]
  /// The triggers of this worker.
  var ownTriggers = OwnTriggers()
  /// The handlers of the trigger types that this worker provides.
  var triggerHandlers: [String: TypeErasedTriggerHandler] = [:]
  /// The triggers that they serve.
  var servedTriggers = ServedTriggers()
  /// Who waits for the first connection.
  var connecting: CheckedContinuation<Void, any Error>?
  var connectTimer: Timer?
  /// Who waits for the end.
  var stopping: [CheckedContinuation<Void, Never>] = []
  var running: [CheckedContinuation<Void, any Error>] = []
  /// Who is told of every state.
  var listeners: [Int: AsyncStream<ConnectionState>.Continuation] = [:]
  var nextListener = 0
  var isStopped = false
  /// Where people are told.
  let log: WorkerLog
  var logLimit = LogLimit()

  /// One call in flight.
  struct Call {
    var functionID: String
    /// Once it was sent.
    var id: CallID?
    var waiter: CallWaiter
  }

  init(loop: EventLoop, options: LinkOptions, log: WorkerLog, worker: Worker) {
    self.loop = loop
    self.log = log
    self.worker = worker
    link = EngineLink(loop: loop, options: options)
    link.owner = self
  }

  deinit { link.owner = nil }
}

// MARK: - Life

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

  /// The compiler does not see everything that leaves an actor.
  func checkThread() { precondition(EventLoop.current === loop, "not on the loop's thread") }

  /// Ends the wait for the first connection.
  func connected(_ result: Result<Void, any Error>) {
    connectTimer?.close()
    connectTimer = nil
    connecting?.resume(with: result)
    connecting = nil
  }

  /// Shuts the link down; the continuation is resumed when that is done.
  func shutdown(timeout: Int, _ continuation: CheckedContinuation<Void, Never>) {
    guard !isStopped else { return continuation.resume() }
    stopping.append(continuation)
    guard stopping.count == 1 else { return }
    link.shutdown(deadline: loop.now + timeout)
  }

  /// Waits for the end: a shutdown, or, as an error, a refusal for good.
  func run(_ continuation: CheckedContinuation<Void, any Error>) {
    if let error = refusal { return continuation.resume(throwing: error) }
    if isStopped { return continuation.resume() }
    running.append(continuation)
  }

  /// Tells `listener` the present state, and then each change.
  func listen(_ listener: AsyncStream<ConnectionState>.Continuation) -> Int {
    listener.yield(link.state)
    if isStopped { listener.finish() }
    nextListener += 1
    listeners[nextListener] = listener
    return nextListener
  }

  /// Tells the listener of this number no more.
  func unlisten(_ number: Int) { listeners[number] = nil }

  var refusal: ConnectionError? {
    link.refusal.map { ConnectionError(code: $0.code, message: $0.message) }
  }

  /// Everybody who waits hears that it is over.
  func end(_ error: ConnectionError?) {
    let shutdown = ConnectionError(code: InvocationError.shutdown, message: "the worker was shut down")
    connected(.failure(error ?? shutdown))
    endFunctions()
    for continuation in running {
      if let error { continuation.resume(throwing: error) } else { continuation.resume() }
    }
    running = []
    endTriggers()
  }
}
