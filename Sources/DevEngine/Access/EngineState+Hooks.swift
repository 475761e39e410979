// Engine protocol, section 4.6.
extension EngineState {
  /// Asks the hook of the worker's listener about a registration; what the worker sends until it answers waits.
  ///
  /// - Returns: Whether there is a hook to ask.
  mutating func asksHook(about message: RegistrationMessage, of worker: WorkerRecord, _ now: Int) -> Bool {
    guard let access = worker.session.rules.access,
      let question = question(message, of: worker), let hook = access[keyPath: question.hook]
    else { return false }
    self.access.held[worker.connection] = HeldFrames()
    dispatch(
      OutgoingInvocation(id: makeID(), functionID: hook, data: .object(question.data)), to: FunctionKey(id: hook),
      from: nil, for: .registration(message, of: worker.connection), nil, now)
    return true
  }

  private func question(
    _ message: RegistrationMessage, of worker: WorkerRecord
  ) -> (hook: KeyPath<AccessRules, String?>, data: JSONObject)? {
    let context = worker.session.context
    switch message {
    case .registerFunction(let definition):
      var data: JSONObject = [
        "function_id": .string(definition.id), "description": JSONValue(definition.description),
        "metadata": definition.metadata ?? .null, "context": context,
      ]
      data["namespace"] = shown(namespace: worker.namespace)
      return (\.functionHook, data)
    case .registerTrigger(let request):
      var data: JSONObject = [
        "trigger_id": .string(request.id), "trigger_type": .string(request.triggerType),
        "function_id": .string(request.functionID), "config": request.config,
        "metadata": request.metadata ?? .null, "context": context,
      ]
      data["namespace"] = shown(namespace: request.namespace ?? FunctionKey.defaultNamespace)
      return (\.triggerHook, data)
    case .registerTriggerType(let definition):
      return (
        \.triggerTypeHook,
        [
          "trigger_type_id": .string(definition.id), "description": .string(definition.description),
          "context": context,
        ]
      )
    case .unregisterFunction, .registerService, .unregisterTrigger: return nil
    }
  }

  /// The hook has answered: an object lets the registration in, changed as it says; anything else refuses it without a
  /// word to the worker. Then goes on with what the worker has sent meanwhile.
  mutating func hookAnswered(
    _ message: RegistrationMessage, of connection: Int, result: JSONValue?, error: ErrorBody?, _ now: Int
  ) {
    guard let held = access.held.removeValue(forKey: connection), let worker = workers[connection] else { return }
    if error == nil, let changes = result?.object {
      carryOut(message.changed(by: changes), of: worker, now)
    } else {
      log(.warning, "a registration of worker \(worker.displayName) was refused by its hook, ignoring")
    }
    release(held, of: connection, now)
  }

  /// Holds a frame back while a hook decides about an earlier one.
  ///
  /// - Returns: Whether it does.
  mutating func holds(_ message: WorkerMessage, from connection: Int) -> Bool {
    guard message.waitsForHooks, let count = access.held[connection]?.messages.count else { return false }
    access.held[connection]?.messages.append(message)
    if count + 1 >= HeldFrames.mark, access.held[connection]?.isPaused == false {
      access.held[connection]?.isPaused = true
      effects.append(.pauseReading(connection))
    }
    return true
  }

  /// Handles what was held back, in order, up to the next hook's question.
  private mutating func release(_ held: HeldFrames, of connection: Int, _ now: Int) {
    for index in held.messages.indices {
      handle(held.messages[index], from: connection, now)
      guard access.held[connection] != nil else { continue }
      // What that message itself had to hold back comes first.
      access.held[connection]?.messages += held.messages[(index + 1)...]
      access.held[connection]?.isPaused = held.isPaused
      return
    }
    if held.isPaused { effects.append(.resumeReading(connection)) }
  }
}

extension WorkerMessage {
  /// Whether it has its place in the order of a connection's frames. Outcomes have none: the hook itself may need one.
  fileprivate var waitsForHooks: Bool {
    switch self {
    case .reattach, .registration, .invoke: true
    case .result, .triggerRegistrationResult, .ping, .pong: false
    }
  }
}

extension RegistrationMessage {
  /// The registration with what a hook has changed of it.
  fileprivate func changed(by changes: JSONObject) -> RegistrationMessage {
    switch self {
    case .registerFunction(var definition):
      definition.id = changes["function_id"]?.string ?? definition.id
      definition.description = changes["description"]?.string ?? definition.description
      definition.metadata = changes["metadata"] ?? definition.metadata
      return .registerFunction(definition)
    case .registerTrigger(var request):
      request.id = changes["trigger_id"]?.string ?? request.id
      request.triggerType = changes["trigger_type"]?.string ?? request.triggerType
      request.functionID = changes["function_id"]?.string ?? request.functionID
      request.config = changes["config"] ?? request.config
      return .registerTrigger(request)
    case .registerTriggerType(var definition):
      definition.id = changes["trigger_type_id"]?.string ?? definition.id
      definition.description = changes["description"]?.string ?? definition.description
      return .registerTriggerType(definition)
    case .unregisterFunction, .registerService, .unregisterTrigger: return self
    }
  }
}
