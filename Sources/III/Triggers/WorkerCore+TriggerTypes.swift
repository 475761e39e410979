import Bytes

extension WorkerCore {
  /// Provides a trigger type.
  func register(_ input: RegisterTriggerTypeInput, _ handler: TypeErasedTriggerHandler) throws {
    checkThread()
    if let refusal { throw refusal }
    let definition = try input.definition()
    guard triggerHandlers[input.id] == nil else {
      throw Self.invalid("trigger type '\(input.id)' is already registered", nil)
    }
    // First the handler: triggers may follow at once.
    triggerHandlers[input.id] = handler
    guard let refused = link.registerTriggerType(input.id, definition) else { return }
    triggerHandlers[input.id] = nil
    throw Self.error(refused, "trigger types")
  }

  /// Provides a trigger type no more.
  func unregisterTriggerType(_ id: String) {
    guard triggerHandlers.removeValue(forKey: id) != nil else { return }
    link.unregisterTriggerType(id)
    carryOut(servedTriggers.endAll(ofType: id))
  }

  /// The worker is over: handlers hear that their triggers have ended, and listeners that there is nothing more to come.
  func endTriggers() {
    triggerHandlers = [:]
    carryOut(servedTriggers.endAll(ofType: nil))
    ownTriggers.removeAll()
  }

  func engineLink(
    _ link: EngineLink, asked trigger: IncomingTrigger, _ members: TriggerMembers, _ text: Span<UInt8>
  ) {
    guard let handler = triggerHandlers[trigger.triggerType] else {
      let message = "this worker provides no trigger type '\(trigger.triggerType)'"
      return link.answer(trigger, failure: TriggerFailure(code: TriggerFailure.typeNotFound, message: message))
    }
    func json(_ range: Range<Int>?) -> JSON? {
      range.map { JSON(valid: [UInt8](copying: text.extracting($0))) }
    }
    let served = ServedTrigger(
      asked: trigger, config: json(members.config) ?? .null, metadata: json(members.metadata),
      namespace: members.namespace.map { EngineLink.string(text.extracting($0)) }, handler: handler)
    carryOut(servedTriggers.ask(for: served))
  }

  func engineLink(_ link: EngineLink, removedTrigger members: TriggerMembers, _ text: Span<UInt8>) {
    carryOut(servedTriggers.end(EngineLink.string(text.extracting(members.id))))
  }

  func engineLinkRecoveredTriggers(_ link: EngineLink) {
    carryOut(servedTriggers.recovered(on: link.generation))
  }

  private func carryOut(_ orders: [ServedTriggers<ServedTrigger>.Order]) {
    for order in orders {
      switch order {
      case .register(let trigger): run(trigger, trigger.handler.registerTrigger, isUndoing: false)
      case .unregister(let trigger): run(trigger, trigger.handler.unregisterTrigger, isUndoing: true)
      case .answer(let trigger, let failure): link.answer(trigger, failure: failure)
      }
    }
  }

  /// Calls a handler beside the loop: it may take its time.
  private func run(
    _ trigger: ServedTrigger, _ body: @escaping @Sendable (TriggerConfig<JSON>) async -> TriggerFailure?,
    isUndoing: Bool
  ) {
    let config = TriggerConfig(
      id: trigger.asked.id, triggerType: trigger.asked.triggerType, functionID: trigger.asked.functionID,
      config: trigger.config, metadata: trigger.metadata, namespace: trigger.namespace, worker: worker,
      hasNamedDefault: link.options.namespace != nil)
    Task.detached { [weak worker] in
      let failure = await body(config)
      worker?.onLoop { core in core.finished(config, failure, isUndoing: isUndoing) }
    }
  }

  private func finished(_ trigger: TriggerConfig<JSON>, _ failure: TriggerFailure?, isUndoing: Bool) {
    if isUndoing, let failure {
      log(.warning, "trigger type \(trigger.triggerType) could not end \(trigger.id): \(failure.message)")
    }
    carryOut(servedTriggers.finished(trigger.id, failure))
  }
}
