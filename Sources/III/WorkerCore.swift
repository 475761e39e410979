import Bytes
import RawJSON
import Transport

/// What a ``Worker`` does on its loop: a plain object, so that everything in it is synchronous.
///
/// Owned by its worker, made and used on the loop's thread only. Owns the link, the handlers and everybody who waits.
final class WorkerCore {
  let loop: EventLoop
  let link: EngineLink
  /// Answers come back through it; weak, because it owns us.
  weak var worker: Worker?

  /// The handlers of registered functions.
  private(set) var handlers: [String: Worker.Handler] = [:]
  /// Who waits for the result of a call, by the call's context.
  private var calls: [Int: Call] = [:]
  private var nextNumber = 0
  /// Who waits for what the engine says about a function.
  private var registrations: [String: Registration] = [:]
  /// Who waits for the first connection.
  private var connecting: CheckedContinuation<Void, any Error>?
  private var connectTimer: Timer?
  /// Who waits for the end.
  private var stopping: [CheckedContinuation<Void, Never>] = []
  private var running: [CheckedContinuation<Void, any Error>] = []
  /// Who is told of every state.
  private var listeners: [Int: AsyncStream<ConnectionState>.Continuation] = [:]
  private var nextListener = 0
  private var isStopped = false

  /// One call in flight.
  private struct Call {
    var functionID: String
    var invocationID: String?
    var id: CallID?
    var continuation: CheckedContinuation<JSON, any Error>
  }

  /// One registration that the engine has not confirmed.
  private struct Registration {
    var number: Int
    var continuation: CheckedContinuation<Void, any Error>
  }

  init(loop: EventLoop, options: LinkOptions, worker: Worker) {
    self.loop = loop
    self.worker = worker
    link = EngineLink(loop: loop, options: options)
    link.owner = self
  }
}

// MARK: - Life

extension WorkerCore {
  /// Begins to connect; the continuation is resumed when connected, refused or late.
  func start(timeout: Int, _ continuation: CheckedContinuation<Void, any Error>) {
    checkThread()
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
  private func checkThread() { precondition(EventLoop.current === loop, "not on the loop's thread") }

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

  private var refusal: ConnectionError? {
    link.refusal.map { ConnectionError(code: $0.code, message: $0.message) }
  }

  /// Everybody who waits hears that it is over.
  private func end(_ error: ConnectionError?) {
    let shutdown = ConnectionError(code: InvocationError.shutdown, message: "the worker was shut down")
    connected(.failure(error ?? shutdown))
    for registration in registrations.values { registration.continuation.resume(throwing: error ?? shutdown) }
    registrations = [:]
    for continuation in running {
      if let error { continuation.resume(throwing: error) } else { continuation.resume() }
    }
    running = []
  }
}

// MARK: - Calls

extension WorkerCore {
  /// A number for a call or a registration that is about to be made, by which it can be cancelled.
  func reserveNumber() -> Int {
    nextNumber += 1
    return nextNumber
  }

  /// Sends a call; the continuation is resumed with its outcome, exactly once.
  func call(_ number: Int, _ request: CallRequest, _ continuation: CheckedContinuation<JSON, any Error>) {
    checkThread()
    calls[number] = Call(functionID: request.functionID, continuation: continuation)
    let submission = link.call(
      request.text.span, request.members, action: request.action, deadline: loop.now + request.timeout,
      context: number)
    switch submission {
    case .sent(let id):
      calls[number]?.id = id
      calls[number]?.invocationID = id.id.description
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

  private func finish(_ number: Int, _ result: Result<JSON, any Error>) {
    calls.removeValue(forKey: number)?.continuation.resume(with: result)
  }

  private func fail(_ number: Int, _ code: String, _ message: String, stacktrace: String? = nil) {
    guard let call = calls[number] else { return }
    finish(
      number,
      .failure(
        InvocationError(
          code: code, message: message, functionID: call.functionID, stacktrace: stacktrace,
          invocationID: call.invocationID)))
  }

  private func fail(_ number: Int, _ refusal: CallRefusal) {
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

// MARK: - Functions

extension WorkerCore {
  /// Registers a function; the continuation is resumed once the engine has it, or throws why not.
  func register(
    _ number: Int, _ id: String, definition: [UInt8], _ handler: @escaping Worker.Handler,
    _ continuation: CheckedContinuation<Void, any Error>
  ) {
    checkThread()
    guard handlers[id] == nil else {
      return continuation.resume(throwing: Self.invalid("function id '\(id)' is already registered", id))
    }
    if let refusal { return continuation.resume(throwing: refusal) }
    // First the handler: a call may follow at once.
    handlers[id] = handler
    registrations[id] = Registration(number: number, continuation: continuation)
    switch link.registerFunction(id, definition: definition) {
    case nil: break
    case .tooMany(let limit): refuse(id, Self.invalid("one worker has at most \(limit) functions", id))
    case .tooLarge(let limit, let size):
      refuse(
        id,
        InvocationError(
          code: InvocationError.payloadTooLarge, message: "the registration has \(size) bytes, of at most \(limit)",
          functionID: id))
    case .shuttingDown:
      refuse(
        id,
        InvocationError(
          code: InvocationError.shutdown, message: "the worker is being shut down", functionID: id))
    }
  }

  private func refuse(_ id: String, _ error: any Error) {
    handlers[id] = nil
    registrations.removeValue(forKey: id)?.continuation.resume(throwing: error)
  }

  /// The one who waits for a registration has given up.
  func cancelRegistration(_ number: Int, _ id: String) {
    if registrations[id]?.number == number { unregister(id) }
  }

  static func invalid(_ message: String, _ functionID: String?) -> InvocationError {
    InvocationError(code: InvocationError.invalidArgument, message: message, functionID: functionID)
  }

  /// Takes a function back.
  func unregister(_ id: String) {
    guard handlers.removeValue(forKey: id) != nil else { return }
    link.unregisterFunction(id)
    registrations.removeValue(forKey: id)?.continuation.resume(throwing: CancellationError())
  }

  /// Sends what a handler returned or threw.
  func answer(_ invocation: IncomingInvocation, _ functionID: String, _ result: Result<JSON, any Error>) {
    let token = EngineLink.token(functionID)
    switch result {
    case .success(let json): link.answer(invocation, functionToken: token.span, result: json.utf8.span)
    case .failure(let error as InvocationError):
      link.answer(
        invocation, functionToken: token.span, code: error.code, message: error.message, stacktrace: error.stacktrace)
    case .failure(let error):
      link.answer(
        invocation, functionToken: token.span, code: InvocationError.invocationFailed, message: "\(error)",
        stacktrace: nil)
    }
  }
}

// MARK: - The link

extension WorkerCore: EngineLinkOwner {
  func engineLinkChangedState(_ link: EngineLink) {
    for listener in listeners.values { listener.yield(link.state) }
    switch link.state {
    case .connected: connected(.success(()))
    case .failed: end(refusal)
    case .connecting, .disconnected, .reconnecting: break
    }
  }

  func engineLink(
    _ link: EngineLink, answered context: Int, _ outcome: CallOutcome, _ text: Span<UInt8>, hasNewlines: Bool
  ) {
    switch outcome {
    case .result(let range?): finish(context, .success(JSON(valid: [UInt8](copying: text.extracting(range)))))
    case .result(nil): finish(context, .success(.null))
    case .error(let code, let message, let stacktrace):
      fail(
        context, EngineLink.string(text.extracting(code)), EngineLink.string(text.extracting(message)),
        stacktrace: stacktrace.map { EngineLink.string(text.extracting($0)) })
    case .failure(let failure): fail(context, failure)
    }
  }

  private func fail(_ number: Int, _ failure: CallFailure) {
    switch failure {
    case .timedOut(let milliseconds):
      fail(number, InvocationError.timeout, "invocation timed out after \(milliseconds)ms")
    case .linkLost(let reason): fail(number, InvocationError.notConnected, "the connection was lost: \(reason)")
    case .shutdown: fail(number, InvocationError.shutdown, "iii is shutting down")
    case .rejected(let code, let message): fail(number, code, message)
    case .unusable(let reason): fail(number, InvocationError.unknown, reason)
    }
  }

  func engineLink(
    _ link: EngineLink, invoked invocation: IncomingInvocation, _ members: InvocationMembers, _ text: Span<UInt8>
  ) {
    let functionID = EngineLink.string(text.extracting(members.functionID))
    guard let handler = handlers[functionID] else {
      let error = InvocationError(code: "function_not_found", message: "Function '\(functionID)' not found")
      return answer(invocation, functionID, .failure(error))
    }
    func json(_ range: Range<Int>?) -> JSON? {
      range.map { JSON(valid: [UInt8](copying: text.extracting($0))) }
    }
    let call = Invocation(
      functionID: functionID, id: invocation.text, payload: json(members.payload) ?? .null,
      metadata: json(members.metadata),
      traceparent: members.traceparent.map { EngineLink.string(text.extracting($0)) },
      baggage: members.baggage.map { EngineLink.string(text.extracting($0)) })
    // Never on the loop: a handler may take its time.
    Task.detached { [weak worker] in
      let result: Result<JSON, any Error>
      do { result = .success(try await handler(call)) } catch { result = .failure(error) }
      await worker?.answer(invocation, functionID, result)
    }
  }

  func engineLink(_ link: EngineLink, registrationOf functionID: String, became state: RegistrationState) {
    switch state {
    case .pending: break
    case .active, .unconfirmed: registrations.removeValue(forKey: functionID)?.continuation.resume()
    case .rejected(let code, let owner):
      // One that is registered and was refused on a later connection stays: the next one may have room.
      guard let registration = registrations.removeValue(forKey: functionID) else { return }
      handlers[functionID] = nil
      link.unregisterFunction(functionID)
      registration.continuation.resume(
        throwing: InvocationError(
          code: code, message: "the engine refused the function" + (owner.map { ": worker \($0) has it" } ?? ""),
          functionID: functionID))
    }
  }

  func engineLinkLostConnection(_ link: EngineLink, reason: String) {}

  func engineLinkDrained(_ link: EngineLink) {}

  func engineLinkStopped(_ link: EngineLink) {
    isStopped = true
    end(nil)
    for continuation in stopping { continuation.resume() }
    stopping = []
    for listener in listeners.values { listener.finish() }
    listeners = [:]
  }
}
