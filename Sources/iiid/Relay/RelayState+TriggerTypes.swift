import III
import LocalProtocol
import RawJSON
import Transport

// Trigger types that clients provide, and the bindings that they serve.
extension RelayState {
  /// A connection provides a type, for as long as it lasts. `question` asks the engine what it knows of it.
  mutating func registerTriggerType(
    _ reply: ReplyAddress, id: String, _ definition: TriggerTypeDefinition,
    question: (text: [UInt8], InvocationMembers), now: MonotonicTime
  ) {
    let client = reply.client
    guard isConnected(client) else { return }
    if let refusal = triggerTypeRefusal(id, client) { return effects.append(.reply(reply, .error(refusal))) }
    triggerTypes[id] = TriggerTypeRecord(client: client)
    effects.append(.registerTriggerType(id: id, definition))
    guard linkState == .connected else { return effects.append(.reply(reply, .triggerType(id: id, .pending))) }
    let call = addCall(CallRecord(reply: reply, phase: .confirmation, functionID: id, purpose: .confirmation))
    triggerTypes[id]?.waiting = call
    confirmations[call] = .triggerType(id)
    callDeadlines.insert(token: call, at: now + 5000)
    effects.append(
      .submit(call: call, question.1, .synchronous, timeoutMilliseconds: 6000, stored: question.text))
  }

  private func triggerTypeRefusal(_ id: String, _ client: ClientID) -> LocalError? {
    if linkState == .failed { return notConnected(functionID: nil) }
    if clients.at[client.slot].hasReachedEnd {
      return .invalidRequest("this connection has closed its writing side and could not answer a bind_trigger")
    }
    if let record = triggerTypes[id] {
      if record.client == client { return .alreadyRegistered(id) }
      return .registrationRefused(
        code: "TRIGGER_TYPE_TAKEN", "another connection of this daemon provides \"\(id)\"", source: .iiid)
    }
    let own = triggerTypes.values.count { $0.client == client }
    if own >= limits.registrationsPerConnection {
      return .overloaded("this connection provides \(own) trigger types", retryAfter: 1000)
    }
    return nil
  }

  /// The engine has answered what it knows of a type; `name` is the worker's.
  mutating func triggerTypeAnswered(_ id: String, _ outcome: CallOutcome, _ text: Span<UInt8>) {
    switch outcome {
    case .result(.some): triggerTypeKnown(id, .active)
    case .error(let code, _, _) where String(jsonToken: text.extracting(code)) == "NOT_FOUND":
      // Behind the registration, and not there: refused without a word (engine protocol, section 4.6).
      triggerTypeKnown(id, .rejected(code: "NOT_FOUND", owner: nil))
    case .result(nil), .error: triggerTypeKnown(id, .unconfirmed)
    case .failure: triggerTypeKnown(id, .pending)
    }
  }

  mutating func triggerTypeKnown(_ id: String, _ state: RegistrationState) {
    triggerTypes[id]?.state = state
    guard let call = triggerTypes[id]?.waiting else { return }
    settle(call, .triggerType(id: id, state))
  }

  /// The link has not taken a type.
  mutating func refusedTriggerType(_ id: String, _ refusal: RegistrationRefusal) {
    let call = triggerTypes[id]?.waiting
    removeTriggerType(id)
    if let call {
      forget(call)
      settle(call, .error(error(for: refusal, of: "trigger types")))
    }
  }

  /// A connection provides a type no more; it is told of each binding that ends.
  mutating func unregisterTriggerType(_ id: String, of client: ClientID, now: MonotonicTime) -> Bool {
    guard triggerTypes[id]?.client == client else { return false }
    removeTriggerType(id)
    carryOut(bindings.endAll(ofType: id), now: now)
    return true
  }

  /// Ends everything that the client provides; it hears nothing any more.
  mutating func removeTriggerTypes(of client: ClientID, now: MonotonicTime) {
    for slot in bindingRequests.slots where bindingRequests.at[slot].client == client { forgetBinding(slot) }
    let gone = TriggerFailure(code: "invocation_stopped", message: "WORKER_GONE: the provider has gone")
    for id in triggerTypes.filter({ $0.value.client == client }).keys.sorted() {
      let call = triggerTypes[id]?.waiting
      removeTriggerType(id)
      if let call {
        forget(call)
        settle(call, .error(.cancelled("the registration ended before the engine confirmed it")))
      }
      carryOut(bindings.drop(ofType: id, gone), now: now)
    }
  }

  /// Ends a type; the request that waits for it is the caller's to settle.
  mutating func removeTriggerType(_ id: String) {
    guard let record = triggerTypes.removeValue(forKey: id) else { return }
    if let call = record.waiting { confirmations[call] = nil }
    effects.append(.unregisterTriggerType(id: id))
  }

  // MARK: - Bindings

  /// The engine asks for a binding of one of our types.
  mutating func asked(
    for trigger: IncomingTrigger, config: [UInt8]?, metadata: [UInt8]?, namespace: String, now: MonotonicTime
  ) {
    guard let type = triggerTypes[trigger.triggerType] else {
      let message = "no local program provides the trigger type '\(trigger.triggerType)'"
      return effects.append(
        .answerTrigger(trigger, TriggerFailure(code: TriggerFailure.typeNotFound, message: message)))
    }
    let binding = ServedBinding(
      asked: trigger, client: type.client, config: config, metadata: metadata, namespace: namespace)
    carryOut(bindings.ask(for: binding), now: now)
  }

  /// The engine takes a binding back.
  mutating func removedTrigger(_ id: String, now: MonotonicTime) { carryOut(bindings.end(id), now: now) }

  /// The engine has asked again, on the connection of this number, for everything that it holds.
  mutating func recoveredTriggers(on generation: Int, now: MonotonicTime) {
    carryOut(bindings.recovered(on: generation), now: now)
  }

  private mutating func carryOut(_ orders: [ServedTriggers<ServedBinding>.Order], now: MonotonicTime) {
    for order in orders {
      switch order {
      case .register(let binding): request(binding, isUndoing: false, now: now)
      case .unregister(let binding): request(binding, isUndoing: true, now: now)
      case .answer(let trigger, let failure): effects.append(.answerTrigger(trigger, failure))
      }
    }
  }

  private mutating func request(_ binding: ServedBinding, isUndoing: Bool, now: MonotonicTime) {
    let client = binding.client
    guard isConnected(client) else { return }
    clients.at[client.slot].lastSerial += 1
    let serial = clients.at[client.slot].lastSerial
    let slot = bindingRequests.insert(BindingRecord(client: client, serial: serial, triggerID: binding.asked.id))
    bindingDeadlines.insert(token: slot, at: now + BindingRecord.limit)
    effects.append(.bind(client, serial: serial, binding, isUndoing: isUndoing))
  }

  /// Whether a request about a binding is open at the client.
  func isProvider(_ client: ClientID) -> Bool {
    bindingRequests.count > 0 && bindingRequests.slots.contains { bindingRequests.at[$0].client == client }
  }

  /// A provider's answer to the request `d<serial>`; false when it has no such request open.
  mutating func providerAnswered(
    _ client: ClientID, serial: Int, _ failure: TriggerFailure?, now: MonotonicTime
  ) -> Bool {
    let open = bindingRequests.slots.first {
      bindingRequests.at[$0].client == client && bindingRequests.at[$0].serial == serial
    }
    guard let open else { return false }
    finishBinding(open, failure, now: now)
    return true
  }

  /// A provider has taken too long.
  mutating func bindingExpired(_ slot: Int, now: MonotonicTime) {
    let message = "the provider did not answer within \(BindingRecord.limit) ms"
    finishBinding(slot, TriggerFailure(code: TriggerFailure.registrationFailed, message: message), now: now)
  }

  private mutating func finishBinding(_ slot: Int, _ failure: TriggerFailure?, now: MonotonicTime) {
    let id = bindingRequests.at[slot].triggerID
    forgetBinding(slot)
    carryOut(bindings.finished(id, failure), now: now)
  }

  private mutating func forgetBinding(_ slot: Int) {
    bindingDeadlines.remove(token: slot)
    bindingRequests.remove(slot)
  }
}
