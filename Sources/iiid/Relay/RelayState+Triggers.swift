import III
import LocalProtocol
import RawJSON
import Transport

// What clients bind to trigger types.
extension RelayState {
  /// A connection binds a function, for as long as it lasts. `question` asks the engine what it knows of the binding.
  mutating func registerTrigger(
    _ reply: ReplyAddress, id: String, _ definition: TriggerDefinition, question: (text: [UInt8], InvocationMembers),
    waitMilliseconds: Int, now: MonotonicTime
  ) {
    let client = reply.client
    guard isConnected(client) else { return }
    if let refusal = triggerRefusal(client) { return effects.append(.reply(reply, .error(refusal))) }
    triggers[id] = TriggerRecord(
      client: client, triggerType: definition.triggerType, functionID: definition.functionID)
    clients.at[client.slot].triggers.append(id)
    effects.append(.registerTrigger(id: id, definition))
    guard linkState == .connected, waitMilliseconds > 0 else {
      return effects.append(.reply(reply, .trigger(id: id, .pending, isDurable: false)))
    }
    let call = addCall(
      CallRecord(reply: reply, phase: .confirmation, functionID: definition.functionID, purpose: .confirmation))
    triggers[id]?.waiting = call
    confirmations[call] = .trigger(id)
    callDeadlines.insert(token: call, at: now + waitMilliseconds)
    effects.append(
      .submit(
        call: call, question.1, .synchronous, timeoutMilliseconds: waitMilliseconds + 1000, stored: question.text))
  }

  private func triggerRefusal(_ client: ClientID) -> LocalError? {
    if linkState == .failed { return notConnected(functionID: nil) }
    if clients.at[client.slot].hasReachedEnd {
      return .invalidRequest(
        "this connection has closed its writing side, which ends its bindings; use scope \"durable\"")
    }
    if clients.at[client.slot].triggers.count >= limits.registrationsPerConnection {
      return .overloaded("this connection has made \(limits.registrationsPerConnection) bindings", retryAfter: 1000)
    }
    return nil
  }

  /// The engine has answered what it knows of a binding.
  mutating func triggerAnswered(_ id: String, _ outcome: CallOutcome, _ text: Span<UInt8>) {
    let state: TriggerRecord.State
    switch outcome {
    case .result(let range?):
      var envelope = JSONEnvelope()
      let row = text.extracting(range)
      guard (try? envelope.scan(row)) != nil else { return triggerKnown(id, .unconfirmed) }
      let type = envelope.find("trigger")
      state = type == nil || type?.kind == .null ? .deferred : .active
    case .error(let code, _, _) where String(jsonToken: text.extracting(code)) == "NOT_FOUND":
      // Behind the registration, and not there: refused without a word (engine protocol, section 4.6).
      return triggerRefused(id, code: "NOT_FOUND", "the engine did not take the binding, and did not say why")
    case .result(nil), .error: state = .unconfirmed
    case .failure: state = .pending
    }
    triggerKnown(id, state)
  }

  mutating func triggerKnown(_ id: String, _ state: TriggerRecord.State) {
    triggers[id]?.state = state
    guard let call = triggers[id]?.waiting else { return }
    settle(call, .trigger(id: id, state, isDurable: false))
  }

  /// A binding was refused, by its provider or by the engine. While its request waits that is the response, and the
  /// binding is no more; later, the engine keeps it until another provider comes.
  mutating func triggerRefused(_ id: String, code: String, _ message: String) {
    guard let record = triggers[id] else { return }
    guard let call = record.waiting else {
      triggers[id]?.state = .deferred
      return
    }
    forget(call)
    removeTrigger(id)
    settle(call, .error(.registrationRefused(code: code, message).with("function_id", .string(record.functionID))))
  }

  /// The link has not taken a binding.
  mutating func refusedTrigger(_ id: String, _ refusal: RegistrationRefusal) {
    guard let call = triggers[id]?.waiting else { return removeTrigger(id) }
    forget(call)
    removeTrigger(id)
    settle(call, .error(error(for: refusal, of: "bindings")))
  }

  /// The engine has answered with the id of a durable binding.
  mutating func durableTriggerAnswered(_ slot: Int, _ range: Range<Int>, _ text: Span<UInt8>) {
    var envelope = JSONEnvelope()
    let row = text.extracting(range)
    guard (try? envelope.scan(row)) != nil, let id = envelope.find("id")?.string(in: row) else {
      return settle(slot, .error(.engine(code: "invocation_failed", "the engine's answer names no binding")))
    }
    settle(slot, .trigger(id: id, .active, isDurable: true))
  }

  /// Takes a binding of this connection back; false when it has none of this id.
  mutating func unregisterTrigger(_ id: String, of client: ClientID) -> Bool {
    guard triggers[id]?.client == client else { return false }
    removeTrigger(id)
    return true
  }

  /// Ends everything that the client has bound.
  mutating func removeTriggers(of client: ClientID) {
    for id in clients.at[client.slot].triggers {
      let call = triggers[id]?.waiting
      removeTrigger(id)
      guard let call else { continue }
      forget(call)
      settle(call, .error(.cancelled("the binding ended before the engine confirmed it")))
    }
  }

  /// Ends a binding; the request that waits for it is the caller's to settle.
  mutating func removeTrigger(_ id: String) {
    guard let record = triggers.removeValue(forKey: id) else { return }
    if let call = record.waiting { confirmations[call] = nil }
    clients.at[record.client.slot].triggers.removeAll { $0 == id }
    effects.append(.unregisterTrigger(id: id))
  }
}
