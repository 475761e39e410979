// Engine protocol, section 4.2.
extension EngineState {
  // MARK: - Types

  /// Whether a registration names no namespace that is blank. The maker of a binding is told; a type is just ignored.
  mutating func isWellNamed(_ message: RegistrationMessage, _ worker: WorkerRecord) -> Bool {
    let isBlank = { (namespace: String?) in namespace?.allSatisfy(\.isWhitespace) == true }
    switch message {
    case .registerTriggerType(let definition) where isBlank(definition.namespace):
      log(.warning, "trigger type \(definition.id): its namespace is blank, ignoring")
      return false
    case .registerTrigger(let request) where isBlank(request.namespace) || isBlank(request.triggerNamespace):
      refuse(request, .invalidNamespace, to: worker)
      return false
    default: return true
    }
  }

  private mutating func refuse(_ request: TriggerRequest, _ error: ErrorBody, to worker: WorkerRecord) {
    let result = TriggerRegistrationResult(
      id: request.id, triggerType: request.triggerType, functionID: request.functionID, error: error)
    send(.triggerRegistrationResult(result), to: worker.connection)
  }

  /// A worker provides a trigger type: the last one who says so is its provider, and is told of all its bindings.
  mutating func registerTriggerType(_ definition: TriggerTypeDefinition, of worker: WorkerRecord) {
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
      if namespace == FunctionKey.defaultNamespace, ownTriggerType(type) != nil { return .engine }
    }
    return .none
  }

  // MARK: - Bindings

  /// A worker binds a function to a trigger type.
  mutating func registerTrigger(_ request: TriggerRequest, of worker: WorkerRecord, _ now: Int) {
    var request = request
    request.functionID = worker.session.engineID(request.functionID)
    let target = FunctionKey(namespace: request.namespace, id: request.functionID)
    if let refusal = refusal(ofTarget: target, in: worker.session) {
      log(.warning, "binding \(request.id): worker \(worker.displayName) may not bind \(target.id)")
      return refuse(request, refusal, to: worker)
    }
    let refusal = bind(
      TriggerBinding(
        id: request.id, triggerType: request.triggerType, functionID: request.functionID, config: request.config,
        metadata: request.metadata, namespace: target.namespace,
        triggerNamespace: request.triggerNamespace),
      binder: worker.connection, home: worker.namespace, now)
    guard let refusal else { return }
    log(.warning, "binding \(request.id) to \(request.triggerType) is refused: \(refusal.message)")
    guard compatibility.forwardsRefusals else { return }
    send(
      .triggerRegistrationResult(
        TriggerRegistrationResult(
          id: request.id, triggerType: request.triggerType, functionID: request.functionID, error: refusal)),
      to: worker.connection)
  }

  /// Keeps a binding, and tells its provider if there is one. A binding with the same id is replaced.
  ///
  /// - Returns: Why the engine itself, as its provider, refuses it; then it is not kept.
  mutating func bind(_ binding: TriggerBinding, binder: Int?, home: String, _ now: Int) -> ErrorBody? {
    var record = BindingRecord(sequence: nextSequence, binding: binding, binder: binder, home: home)
    nextSequence += 1
    record.provider = provider(of: record)
    if record.provider == .none, !compatibility.parksBindings {
      log(.warning, "binding \(binding.id): nobody provides the trigger type \(binding.triggerType), it is lost")
      return nil
    }
    let former = bindings.updateValue(record, forKey: binding.id)
    if let former, former.provider != record.provider || former.provider == .engine { tellRemoved(former) }
    if record.provider == .engine, let refusal = provide(binding, now) {
      bindings[binding.id] = nil
      return refusal
    }
    if let connection = connection(of: record.provider) { send(.registerTrigger(binding), to: connection) }
    return nil
  }

  /// Looks at the set of functions from now on.
  mutating func watchFunctions(_ now: Int) {
    guard functionsPoll == nil else { return }
    polledFunctions = Set(functions.keys)
    functionsPoll = now + Self.functionsPollInterval
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
  mutating func removeTriggers(of connection: Int, _ now: Int) {
    for record in sortedBindings where record.binder == connection {
      bindings[record.binding.id] = nil
      tellRemoved(record)
    }
    triggerTypes = triggerTypes.filter { $0.value.provider != connection }
    for record in sortedBindings {
      guard case .worker(let key) = record.provider, triggerTypes[key] == nil else { continue }
      let next = provider(of: record)
      bindings[record.binding.id]?.provider = next
      if next == .engine, let refusal = provide(record.binding, now) {
        log(
          .warning, "binding \(record.binding.id) of type \(record.binding.triggerType) is parked: \(refusal.message)")
        bindings[record.binding.id]?.provider = .none
      }
      if let connection = self.connection(of: next) { send(.registerTrigger(record.binding), to: connection) }
    }
  }

  private mutating func tellRemoved(_ record: BindingRecord) {
    if record.provider == .engine { return endProviding(record.binding.id) }
    guard let connection = connection(of: record.provider), workers[connection] != nil else { return }
    send(.unregisterTrigger(id: record.binding.id, triggerType: record.binding.triggerType), to: connection)
  }

  private func connection(of provider: BindingRecord.Provider) -> Int? {
    if case .worker(let key) = provider { triggerTypes[key]?.provider } else { nil }
  }

  /// All bindings in the order in which they were made.
  var sortedBindings: [BindingRecord] { bindings.values.sorted { $0.sequence < $1.sequence } }

  // MARK: - The engine's own types

  static let workersAvailable = "engine::workers-available"
  static let functionsAvailable = "engine::functions-available"
  /// How often the set of functions is looked at, in milliseconds.
  static let functionsPollInterval = 5000

  /// Calls the functions that are bound to one of the engine's own types, each in a trace of its own (engine protocol,
  /// section 0); real engines fire ``functionsAvailable`` without one.
  ///
  /// - Parameters:
  ///   - type: The type.
  ///   - data: What they are handed.
  ///   - now: The time.
  ///   - isMeant: Whether a binding is told of it; all are by default.
  mutating func fire(
    _ type: String, _ data: @autoclosure () -> JSONValue, _ now: Int,
    to isMeant: (TriggerBinding) -> Bool = { _ in true }
  ) {
    let bound = sortedBindings.filter {
      $0.provider == .engine && $0.binding.triggerType == type && isMeant($0.binding)
    }
    guard !bound.isEmpty else { return }
    let data = data()
    for record in bound {
      let key = FunctionKey(namespace: record.binding.namespace, id: record.binding.functionID)
      dispatch(
        OutgoingInvocation(
          id: makeID(), functionID: key.id, data: data,
          trace: type == Self.functionsAvailable ? TraceContext() : TraceContext().entering(span: makeID()),
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
