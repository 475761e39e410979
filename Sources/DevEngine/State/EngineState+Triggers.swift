// Engine protocol, section 4.2.
extension EngineState {
  // MARK: - Types

  /// A worker provides a trigger type: the last one who says so is its provider, and is told of all its bindings.
  mutating func registerTriggerType(_ definition: TriggerTypeDefinition, of worker: WorkerRecord) {
    if let namespace = definition.namespace, namespace.allSatisfy(\.isWhitespace) {
      return log(.warning, "trigger type \(definition.id): its namespace is blank, ignoring")
    }
    let key = FunctionKey(namespace: definition.namespace ?? worker.namespace, id: definition.id)
    triggerTypes[key] = TriggerTypeRecord(definition: definition, provider: worker.connection)
    for record in sortedBindings where provider(of: record) == .worker(key) {
      if record.provider != .worker(key) { tellRemoved(record) }
      bindings[record.binding.id]?.provider = .worker(key)
      send(.registerTrigger(record.binding), to: worker.connection)
    }
  }

  /// Who provides the type of a binding now: in the namespace that it names; else in its home, then in the default one.
  private func provider(of record: BindingRecord) -> BindingRecord.Provider {
    let type = record.binding.triggerType
    let places = record.binding.triggerNamespace.map { [$0] } ?? [record.home, FunctionKey.defaultNamespace]
    for namespace in places {
      let key = FunctionKey(namespace: namespace, id: type)
      if triggerTypes[key] != nil { return .worker(key) }
      if namespace == FunctionKey.defaultNamespace, Self.ownTriggerTypes[type] != nil { return .engine }
    }
    return .none
  }

  // MARK: - Bindings

  /// A worker binds a function to a trigger type.
  mutating func registerTrigger(_ request: TriggerRequest, of worker: WorkerRecord, _ now: Int) {
    for namespace in [request.namespace, request.triggerNamespace] {
      guard let namespace, namespace.allSatisfy(\.isWhitespace) else { continue }
      let result = TriggerRegistrationResult(
        id: request.id, triggerType: request.triggerType, functionID: request.functionID, error: .invalidNamespace)
      return send(.triggerRegistrationResult(result), to: worker.connection)
    }
    bind(
      TriggerBinding(
        id: request.id, triggerType: request.triggerType, functionID: request.functionID, config: request.config,
        metadata: request.metadata, namespace: request.namespace ?? FunctionKey.defaultNamespace,
        triggerNamespace: request.triggerNamespace),
      binder: worker.connection, home: worker.namespace, now)
  }

  /// Keeps a binding, and tells its provider if there is one. A binding with the same id is replaced.
  mutating func bind(_ binding: TriggerBinding, binder: Int?, home: String, _ now: Int) {
    var record = BindingRecord(sequence: nextSequence, binding: binding, binder: binder, home: home)
    nextSequence += 1
    record.provider = provider(of: record)
    if record.provider == .none, !compatibility.parksBindings {
      return log(.warning, "binding \(binding.id): nobody provides the trigger type \(binding.triggerType), it is lost")
    }
    if let former = bindings.updateValue(record, forKey: binding.id), former.provider != record.provider {
      tellRemoved(former)
    }
    if let connection = connection(of: record.provider) { send(.registerTrigger(binding), to: connection) }
    if record.provider == .engine, binding.triggerType == Self.functionsAvailable, functionsPoll == nil {
      polledFunctions = Set(functions.keys)
      functionsPoll = now + Self.functionsPollInterval
    }
  }

  /// Forgets a binding, whoever made it, and tells its provider.
  ///
  /// - Returns: Whether there was one.
  @discardableResult
  mutating func unbind(_ id: String) -> Bool {
    guard let record = bindings.removeValue(forKey: id) else { return false }
    awaitedBindings[id] = nil
    tellRemoved(record)
    return true
  }

  /// A provider's word about a binding. An error parks it again and reaches the binder; a success is not passed on.
  mutating func triggerRegistered(_ result: TriggerRegistrationResult, by connection: Int, _ now: Int) {
    guard let record = bindings[result.id], self.connection(of: record.provider) == connection else { return }
    let awaited = awaitedBindings.removeValue(forKey: result.id)
    guard let error = result.error else {
      if let awaited { conclude(awaited.invocation, result: ["id": .string(result.id)], error: nil, now) }
      return
    }
    if let awaited {
      bindings[result.id] = nil
      return conclude(awaited.invocation, result: nil, error: error, now)
    }
    guard compatibility.forwardsRefusals else {
      return log(
        .warning, "binding \(result.id): its provider says \(error.code), which engines of \(compatibility.name) keep")
    }
    bindings[result.id]?.provider = .none
    if let binder = record.binder { send(.triggerRegistrationResult(result), to: binder) }
  }

  /// A worker has gone: its bindings end; those that it provided for go to another provider or are parked.
  mutating func removeTriggers(of connection: Int) {
    for record in sortedBindings where record.binder == connection {
      bindings[record.binding.id] = nil
      tellRemoved(record)
    }
    triggerTypes = triggerTypes.filter { $0.value.provider != connection }
    for record in sortedBindings {
      guard case .worker(let key) = record.provider, triggerTypes[key] == nil else { continue }
      let next = provider(of: record)
      bindings[record.binding.id]?.provider = next
      if let connection = self.connection(of: next) { send(.registerTrigger(record.binding), to: connection) }
    }
  }

  private mutating func tellRemoved(_ record: BindingRecord) {
    guard let connection = connection(of: record.provider), workers[connection] != nil else { return }
    send(.unregisterTrigger(id: record.binding.id, triggerType: record.binding.triggerType), to: connection)
  }

  private func connection(of provider: BindingRecord.Provider) -> Int? {
    if case .worker(let key) = provider { triggerTypes[key]?.provider } else { nil }
  }

  /// All bindings in the order in which they were made.
  var sortedBindings: [BindingRecord] { bindings.values.sorted { $0.sequence < $1.sequence } }

  // MARK: - The engine's own types

  /// The trigger types that the engine itself provides, with their descriptions.
  static let ownTriggerTypes = [
    workersAvailable: "Fires when a worker connects, announces itself, or goes",
    functionsAvailable: "Fires when the set of functions has changed",
  ]

  static let workersAvailable = "engine::workers-available"
  static let functionsAvailable = "engine::functions-available"
  /// How often the set of functions is looked at, in milliseconds.
  static let functionsPollInterval = 5000

  /// Calls the functions that are bound to one of the engine's own types.
  mutating func fire(_ type: String, _ data: @autoclosure () -> JSONValue, _ now: Int) {
    let bound = sortedBindings.filter { $0.provider == .engine && $0.binding.triggerType == type }
    guard !bound.isEmpty else { return }
    let data = data()
    for record in bound {
      let key = FunctionKey(namespace: record.binding.namespace, id: record.binding.functionID)
      dispatch(
        OutgoingInvocation(
          id: makeID(), functionID: key.id, data: data,
          metadata: compatibility.passesMetadata ? record.binding.metadata : nil),
        to: key, from: nil, for: .call, nil, now)
    }
  }

  mutating func fireWorkersAvailable(_ event: String, _ worker: String, _ now: Int) {
    fire(Self.workersAvailable, ["event": .string(event), "worker_id": .string(worker)], now)
  }

  /// Looks whether functions came or went since the last time.
  mutating func pollFunctions(_ now: Int) {
    let present = Set(functions.keys)
    let isBound = bindings.values.contains {
      $0.provider == .engine && $0.binding.triggerType == Self.functionsAvailable
    }
    functionsPoll = isBound ? now + Self.functionsPollInterval : nil
    guard present != polledFunctions else { return }
    polledFunctions = present
    let rows = JSONValue.array(sortedFunctions.map { summary($0.key, $0.value) })
    fire(Self.functionsAvailable, ["event": "functions_changed", "functions": rows], now)
  }
}
