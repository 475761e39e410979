import Transport

extension EngineSession {
  /// The owner registers a function.
  mutating func registered(_ id: String, definition: [UInt8]) -> RegistrationRefusal? {
    guard !isEnding else { return .shuttingDown }
    guard functions[id] != nil || functions.count < functionLimit else { return .tooMany(limit: functionLimit) }
    functions.set(id, RegisteredFunction(definition: definition, state: .pending))
    guard isOpen else { return nil }
    effects.append(.register(id))
    // While announcing, everything is confirmed together once the announce is answered.
    guard phase == .ready else { return nil }
    if unconfirmed.isEmpty { effects.append(.confirmAtEndOfTurn) }
    unconfirmed.append(id)
    return nil
  }

  /// The owner takes a function back.
  mutating func unregistered(_ id: String) {
    guard functions.remove(id) != nil, isOpen else { return }
    effects.append(.unregister(id))
  }

  /// The engine refused a function, or this worker.
  mutating func rejected(_ rejection: RegistrationRejection, _ now: MonotonicTime) {
    guard isOpen else { return }
    if rejection.code == RegistrationRejection.functionConflict {
      if let id = rejection.functionID.flatMap(ownID) {
        note(id, .rejected(code: rejection.code, owner: rejection.owner))
      }
      return
    }
    // Fatal, as is every code that nobody knows (engine protocol, sections 2.13 and 10, lesson 14).
    workerID = nil
    lastError = "\(rejection.code): \(rejection.message)"
    enter(.refused(code: rejection.code, message: rejection.message), .failed, now)
    effects.append(.abort)
    connectionEnded(
      failing: .rejected(code: rejection.code, message: rejection.message), reason: lastError ?? rejection.code)
  }

  mutating func note(_ id: String, _ state: RegistrationState) {
    guard var function = functions[id], function.state != state else { return }
    function.state = state
    functions.set(id, function)
    effects.append(.registration(id, state))
  }
}
