import Bytes
import III
import LocalProtocol
import Transport

// What clients ask of the engine.
extension RelayState {
  /// Why a request is refused before it is looked at; nil when it is not. Mutating only because the whole state would be
  /// copied to be lent.
  mutating func refusal(for client: ClientID) -> LocalError? {
    if isDraining { return .shuttingDown() }
    if clients.at[client.slot].calls.count >= limits.requestsPerConnection {
      return .overloaded(
        "this connection has \(limits.requestsPerConnection) requests in flight", retryAfter: 100)
    }
    return nil
  }

  /// A call of a function. `text` is copied only if the call has to wait for the engine.
  mutating func trigger(
    _ reply: ReplyAddress, _ members: InvocationMembers, action: CallAction, functionID: String,
    timeoutMilliseconds: Int, waitConnectedMilliseconds: Int, now: MonotonicTime, _ text: Span<UInt8>
  ) {
    if action != .void, linkState != .connected {
      guard waitConnectedMilliseconds > 0, linkState != .failed else {
        return effects.append(.reply(reply, .error(notConnected(functionID: functionID))))
      }
      let slot = addCall(CallRecord(reply: reply, phase: .parked, functionID: functionID))
      calls.at[slot].startedAt = now
      parked[slot] = CallRecord.Parked(
        text: Array(copying: text), members: members, action: action, timeoutMilliseconds: timeoutMilliseconds)
      return callDeadlines.insert(token: slot, at: now + waitConnectedMilliseconds)
    }
    let slot = addCall(CallRecord(reply: reply, phase: .sent, functionID: functionID))
    calls.at[slot].startedAt = now
    effects.append(.submit(call: slot, members, action, timeoutMilliseconds: timeoutMilliseconds, stored: nil))
  }

  /// A question of ours to the engine, whose text is `stored`.
  mutating func ask(
    _ reply: ReplyAddress, _ stored: [UInt8], _ members: InvocationMembers, functionID: String,
    for purpose: CallRecord.Purpose = .answer, timeoutMilliseconds: Int = 10_000
  ) {
    guard linkState == .connected else {
      return effects.append(.reply(reply, .error(notConnected(functionID: functionID))))
    }
    let slot = addCall(CallRecord(reply: reply, phase: .sent, functionID: functionID, purpose: purpose))
    effects.append(
      .submit(call: slot, members, .synchronous, timeoutMilliseconds: timeoutMilliseconds, stored: stored))
  }

  /// A line for the engine's log, whose text is `stored`; nobody waits for the engine.
  mutating func log(_ reply: ReplyAddress, _ stored: [UInt8], _ members: InvocationMembers, functionID: String) {
    let slot = addCall(CallRecord(reply: reply, phase: .sent, functionID: functionID, purpose: .log))
    effects.append(.submit(call: slot, members, .void, timeoutMilliseconds: 0, stored: stored))
  }

  /// What the link said to a submitted call.
  mutating func submitted(_ slot: Int, _ submission: EngineLink.Submission) {
    guard calls.has(slot) else { return }
    switch submission {
    case .sent(let id):
      calls.at[slot].call = id
    case .accepted(let isBuffered):
      settle(slot, calls.at[slot].purpose == .log ? .logged(isBuffered: isBuffered) : .accepted(isBuffered: isBuffered))
    case .refused where calls.at[slot].purpose == .confirmation: confirmationExpired(slot)
    case .refused(let refusal):
      settle(slot, .error(error(for: refusal, functionID: calls.at[slot].functionID)))
    }
  }

  /// The engine's answer to a call, or the link's word that there will be none.
  mutating func answered(_ slot: Int, _ outcome: CallOutcome, _ text: Span<UInt8>, hasNewlines: Bool) {
    guard calls.has(slot) else { return }
    switch calls.at[slot].purpose {
    case .answer, .log: break
    case .confirmation: return confirmationAnswered(slot, outcome, text)
    case .durableTrigger:
      if case .result(let range?) = outcome { return durableTriggerAnswered(slot, range, text) }
    }
    switch outcome {
    case .result(let range):
      settle(slot, .raw(range, flattening: hasNewlines))
    case .error(let code, let message, let stacktrace):
      let functionID = calls.at[slot].functionID
      settle(
        slot,
        .tokens(
          code: code, message: message, stacktrace: stacktrace, functionID: functionID, invocation(of: slot)))
    case .failure(let failure):
      settle(slot, .error(error(for: failure, functionID: calls.at[slot].functionID)))
    }
  }

  /// The id under which the engine has a client's call, once it was sent: what the worker's log knows it by.
  private func invocation(of slot: Int) -> UUIDBits? { calls.at[slot].startedAt == nil ? nil : calls.at[slot].call?.id }

  /// A client gives up its own request; the request is answered with CANCELLED, and the cancellation with whether there
  /// was one.
  mutating func cancel(_ id: RequestID, reply: ReplyAddress) {
    let found = clients.at[reply.client.slot].calls.first { calls.at[$0].reply.id == id && !calls.at[$0].isStoring }
    if let found {
      forget(found)
      // Nobody would know the binding's id.
      if case .trigger(let id) = confirmations[found] { removeTrigger(id) }
      settle(found, .error(.cancelled()))
    }
    effects.append(.reply(reply, .cancelled(found != nil)))
    finishIfDone(reply.client)
  }

  /// The engine has answered what it knows.
  private mutating func confirmationAnswered(_ slot: Int, _ outcome: CallOutcome, _ text: Span<UInt8>) {
    switch confirmations[slot] {
    case .trigger(let id): triggerAnswered(id, outcome, text)
    case .triggerType(let id): triggerTypeAnswered(id, outcome, text)
    case nil: break
    }
  }

  /// The engine has not answered in time what it knows.
  private mutating func confirmationExpired(_ slot: Int) {
    forget(slot)
    switch confirmations[slot] {
    case .trigger(let id): triggerKnown(id, .pending)
    case .triggerType(let id): triggerTypeKnown(id, .pending)
    case nil: break
    }
  }

  // MARK: - The link

  /// The link has changed its state.
  mutating func linkChanged(to state: ConnectionState, error: String?, now: MonotonicTime) {
    linkState = state
    linkError = error
    switch state {
    case .connected:
      for (slot, call) in parked.sorted(by: { $0.key < $1.key }) {
        parked[slot] = nil
        callDeadlines.remove(token: slot)
        calls.at[slot].phase = .sent
        effects.append(
          .submit(
            call: slot, call.members, call.action, timeoutMilliseconds: call.timeoutMilliseconds, stored: call.text))
      }
    case .failed:
      for slot in parked.keys.sorted() { settle(slot, .error(notConnected(functionID: calls.at[slot].functionID))) }
    default: break
    }
  }

  // MARK: - Records

  mutating func addCall(_ call: consuming CallRecord) -> Int {
    let client = call.reply.client.slot
    let slot = calls.insert(call)
    calls.at[slot].position = clients.at[client].calls.count
    clients.at[client].calls.append(slot)
    return slot
  }

  /// Removes a call without a response.
  mutating func dropCall(_ slot: Int) {
    let client = calls.at[slot].reply.client
    let position = calls.at[slot].position
    if calls.at[slot].phase != .sent {
      callDeadlines.remove(token: slot)
      parked[slot] = nil
      let function = calls.at[slot].function
      if function >= 0 { functions.at[function].waiting.removeAll { $0 == slot } }
      switch confirmations.removeValue(forKey: slot) {
      case .trigger(let id): triggers[id]?.waiting = nil
      case .triggerType(let id): triggerTypes[id]?.waiting = nil
      case nil: break
      }
    }
    calls.remove(slot)
    guard isConnected(client), let last = clients.at[client.slot].calls.popLast(), last != slot else { return }
    clients.at[client.slot].calls[position] = last
    calls.at[last].position = position
  }

  /// Has the link forget a call, if it has it, or the channels. Where a worker of this daemon serves it, that worker is told:
  /// an engine hands a call on under the caller's id, and has no word for giving one up (engine protocol, section 3.1).
  mutating func forget(_ slot: Int) {
    switch calls.at[slot].phase {
    case .channel, .reading: return effects.append(.forgetChannelCall(slot))
    default: break
    }
    guard let call = calls.at[slot].call else { return }
    effects.append(.forget(call))
    for invocation in invocations.slots where invocations.at[invocation].incoming.id == call.id {
      giveUp(invocation, .error(code: "CANCELLED", message: "nobody waits for the answer any more"), .callerGone)
    }
  }

  /// Gives a call its response.
  mutating func settle(_ slot: Int, _ content: RelayEffect.Reply) {
    if case .error(let error) = content, let id = invocation(of: slot) {
      finish(slot, .error(error.with("invocation_id", .string(id.description))))
    } else {
      finish(slot, content)
    }
  }

  private mutating func finish(_ slot: Int, _ content: RelayEffect.Reply) {
    let reply = calls.at[slot].reply
    if isObserved { observe(call: slot, content) }
    dropCall(slot)
    if reply.id != nil { effects.append(.reply(reply, content)) }
    finishIfDone(reply.client)
    finishDrainIfDone()
  }

  /// A parked call or a registration has waited long enough.
  mutating func callExpired(_ slot: Int) {
    switch calls.at[slot].phase {
    case .parked: settle(slot, .error(notConnected(functionID: calls.at[slot].functionID)))
    case .registration: settle(slot, .registration(function: calls.at[slot].function))
    case .confirmation: confirmationExpired(slot)
    case .reading: effects.append(.channelCallExpired(slot))
    case .sent, .postponed, .storing, .channel: break
    }
  }
}
