extension EngineState {
  /// Applies a registration, or holds it back while the connection's namespace is unknown.
  mutating func register(_ message: RegistrationMessage, from connection: Int, _ now: Int) {
    guard let worker = workers[connection] else { return }
    guard case .awaitingAnnounce(let deadline, var held) = worker.phase else {
      return apply(message, from: connection, now)
    }
    // Emptied first, so that appending does not copy the list.
    workers[connection]?.phase = .settled(namespace: FunctionKey.defaultNamespace)
    held.append(message)
    workers[connection]?.phase = .awaitingAnnounce(deadline: deadline, held: held)
  }

  /// No announce came in time: what was held back goes to the default namespace.
  mutating func graceEnded(_ connection: Int, _ now: Int) {
    guard case .awaitingAnnounce = workers[connection]?.phase else { return }
    settle(connection, in: FunctionKey.defaultNamespace, now)
  }

  /// Decides a connection's namespace and applies, in order, what was held back for it.
  mutating func settle(_ connection: Int, in namespace: String, _ now: Int) {
    guard case .awaitingAnnounce(_, let held) = workers[connection]?.phase else { return }
    workers[connection]?.phase = .settled(namespace: namespace)
    graceDeadlines.removeAll { $0.connection == connection }
    for message in held { apply(message, from: connection, now) }
  }

  private mutating func apply(_ message: RegistrationMessage, from connection: Int, _ now: Int) {
    // After an announce there may be several to apply, and a hook to wait for between them.
    guard let worker = workers[connection], !holds(.registration(message), from: connection) else { return }
    guard isWellNamed(message, worker), permits(message, of: worker), !asksHook(about: message, of: worker, now) else {
      return
    }
    carryOut(message, of: worker, now)
  }

  /// Does what a registration says that nothing speaks against.
  mutating func carryOut(_ message: RegistrationMessage, of worker: WorkerRecord, _ now: Int) {
    switch message {
    case .registerFunction(let definition): registerFunction(definition, of: worker)
    case .unregisterFunction(let id):
      let key = FunctionKey(namespace: worker.namespace, id: worker.session.engineID(id))
      if functions[key]?.owner == worker.connection { functions[key] = nil }
    case .registerService: break
    case .registerTriggerType(let definition): registerTriggerType(definition, of: worker)
    case .registerTrigger(let request): registerTrigger(request, of: worker, now)
    case .unregisterTrigger(let id): unbind(id)
    }
  }

  /// The first owner of a function keeps it; the owner itself may register it again (engine protocol, section 4.4).
  private mutating func registerFunction(_ definition: FunctionDefinition, of worker: WorkerRecord) {
    let key = FunctionKey(namespace: worker.namespace, id: worker.session.engineID(definition.id))
    if key.isReserved, key.namespace != FunctionKey.defaultNamespace {
      return reject(key, owner: "", to: worker)
    }
    if compatibility.firstOwnerKeepsFunction, let record = functions[key], record.owner != worker.connection {
      return reject(key, owner: workers[record.owner]?.id ?? "", to: worker)
    }
    if let invocation = definition.invocation {
      return registerFunction(definition, calledBy: invocation, as: key, of: worker)
    }
    if builtin(key) != nil {
      log(.warning, "function \(key.id): worker \(worker.displayName) replaces the engine's own")
    }
    functions[key] = FunctionRecord(definition: definition, owner: worker.connection)
  }

  private mutating func reject(_ key: FunctionKey, owner: String, to worker: WorkerRecord) {
    log(.warning, "function \(key.id) in \(key.namespace): refused to worker \(worker.displayName), it is taken")
    send(
      .registrationRejected(.function(id: key.id, namespace: key.namespace, owner: owner)), to: worker.connection)
  }
}
