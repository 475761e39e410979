import Transport

extension WorkerCore {
  /// How long is waited for what the engine says of a registration, in milliseconds.
  private static var patience: Int { 5000 }

  /// Registers a function.
  func register(_ number: Int, _ id: String, _ definition: FunctionDefinition, _ handler: Worker.Handler?) throws {
    checkThread()
    if let refusal { throw refusal }
    guard functions[id] == nil else { throw Self.invalid("function id '\(id)' is already registered", id) }
    // First the handler: a call may follow at once.
    functions[id] = ServedFunction(number: number, token: EngineLink.token(id), handler: handler)
    guard let refusal = link.registerFunction(id, definition: definition.utf8) else { return }
    functions[id] = nil
    switch refusal {
    case .tooMany(let limit): throw Self.invalid("one worker has at most \(limit) functions", id)
    case .tooLarge(let limit, let size):
      throw InvocationError(
        code: InvocationError.payloadTooLarge, message: "the registration has \(size) bytes, of at most \(limit)",
        functionID: id)
    case .shuttingDown:
      throw InvocationError(
        code: InvocationError.shutdown, message: "the worker is being shut down", functionID: id)
    }
  }

  static func invalid(_ message: String, _ functionID: String?) -> InvocationError {
    InvocationError(code: InvocationError.invalidArgument, message: message, functionID: functionID)
  }

  /// Takes the function of this number back.
  func unregister(_ id: String, _ number: Int) {
    guard functions[id]?.number == number else { return }
    link.unregisterFunction(id)
    endWaits(for: functions.removeValue(forKey: id), .unregistered)
  }

  /// Takes every function out, at the end.
  func endFunctions() {
    let all = functions.values
    functions = [:]
    for function in all { endWaits(for: function, .unregistered) }
  }
}

// MARK: - What the engine says

extension WorkerCore {
  /// What is known of a function without waiting; nil when it is worth to wait.
  func knownRegistration(of id: String, _ number: Int) -> FunctionRegistration? {
    guard functions[id]?.number == number, let state = link.registrationState(of: id) else { return .unregistered }
    guard state == .pending else { return FunctionRegistration(state) }
    return link.state == .connected ? nil : .pending
  }

  /// Tells what becomes known of a function.
  func awaitRegistration(
    of id: String, _ number: Int, _ waiter: Int, _ continuation: CheckedContinuation<FunctionRegistration, Never>
  ) {
    // Something may have become known since it was asked.
    if let known = knownRegistration(of: id, number) { return continuation.resume(returning: known) }
    guard !Task.isCancelled else { return continuation.resume(returning: .pending) }
    let timer = Timer(on: loop) { [unowned self] in endWait(for: id, waiter) }
    timer.start(after: Self.patience)
    functions[id]?.waiters[waiter] = ServedFunction.Waiter(continuation: continuation, timer: timer)
  }

  /// Ends one wait, with nothing known.
  func endWait(for id: String, _ waiter: Int) {
    functions[id]?.waiters.removeValue(forKey: waiter)?.continuation.resume(returning: .pending)
  }

  private func endWaits(for function: ServedFunction?, _ registration: FunctionRegistration) {
    for waiter in function?.waiters.values ?? [:].values { waiter.continuation.resume(returning: registration) }
  }

  func engineLink(_ link: EngineLink, registrationOf functionID: String, became state: RegistrationState) {
    guard state != .pending, var function = functions[functionID] else { return }
    endWaits(for: function, FunctionRegistration(state))
    function.waiters = [:]
    let wasLogged = function.isRefusalLogged
    if case .rejected = state { function.isRefusalLogged = true } else { function.isRefusalLogged = false }
    functions[functionID] = function
    // It is offered again on every connection; people are told once.
    guard case .rejected(let code, let owner) = state, !wasLogged else { return }
    let reason = owner.map { "worker '\($0)' has it" } ?? "no worker was named; access rules may forbid it"
    log(.warning, "the engine refused the function '\(functionID)': \(code): \(reason)")
  }
}
