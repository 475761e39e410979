extension WorkerCore {
  /// Registers a trigger, and returns its id.
  func register(_ input: RegisterTriggerInput) throws -> String {
    checkThread()
    if let refusal { throw refusal }
    let definition = try input.definition()
    let id = link.makeTriggerID()
    if let refused = link.registerTrigger(id, definition) {
      throw Self.error(refused, "triggers", functionID: input.functionID)
    }
    ownTriggers.insert(id, functionID: input.functionID)
    return id
  }

  /// Takes a trigger back.
  func unregisterTrigger(_ id: String) {
    guard ownTriggers.remove(id) else { return }
    link.unregisterTrigger(id)
  }

  func engineLink(_ link: EngineLink, refusedTrigger id: String, _ failure: TriggerFailure) {
    log(.warning, "trigger \(id) was refused: \(failure.code): \(failure.message)")
    ownTriggers.refuse(id, failure)
  }

  /// Why something was not taken for registration, as its caller gets it.
  static func error(_ refusal: RegistrationRefusal, _ kind: String, functionID: String? = nil) -> InvocationError {
    switch refusal {
    case .tooMany(let limit): invalid("one worker has at most \(limit) \(kind)", functionID)
    case .tooLarge(let limit, let size):
      InvocationError(
        code: InvocationError.payloadTooLarge, message: "the registration has \(size) bytes, of at most \(limit)",
        functionID: functionID)
    case .shuttingDown:
      InvocationError(
        code: InvocationError.shutdown, message: "the worker is being shut down", functionID: functionID)
    }
  }
}
