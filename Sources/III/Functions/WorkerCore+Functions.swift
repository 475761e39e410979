import Transport

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

  func refuse(_ id: String, _ error: any Error) {
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
