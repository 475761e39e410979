import Bytes
import III
import LocalProtocol
import Transport

// What clients ask of the engine.
extension RelayState {
  /// Why a request is refused before it is looked at; nil when it is not.
  func refusal(for client: ClientID) -> LocalError? {
    if isDraining { return .shuttingDown() }
    if (clients[client.slot]?.calls.count ?? 0) >= limits.requestsPerConnection {
      return .overloaded("this connection has \(limits.requestsPerConnection) requests in flight", retryAfter: 100)
    }
    return nil
  }

  /// A call of a function. `text` is copied only if the call has to wait for the engine.
  mutating func trigger(
    _ reply: ReplyAddress, _ members: InvocationMembers, action: CallAction, functionID: String?,
    timeoutMilliseconds: Int, waitConnectedMilliseconds: Int, now: MonotonicTime, _ text: Span<UInt8>
  ) {
    if action != .void, linkState != .connected {
      guard waitConnectedMilliseconds > 0, linkState != .failed else {
        return effects.append(.reply(reply, .error(notConnected(functionID: functionID))))
      }
      let parked = CallRecord.Parked(
        text: Array(copying: text), members: members, action: action, timeoutMilliseconds: timeoutMilliseconds)
      let slot = addCall(CallRecord(reply: reply, phase: .parked(parked), functionID: functionID))
      return callDeadlines.insert(token: slot, at: now + waitConnectedMilliseconds)
    }
    let slot = addCall(CallRecord(reply: reply, phase: .sent(nil), functionID: functionID))
    effects.append(.submit(call: slot, members, action, timeoutMilliseconds: timeoutMilliseconds, stored: nil))
  }

  /// What the link said to a submitted call.
  mutating func submitted(_ slot: Int, _ submission: EngineLink.Submission) {
    guard let call = calls[slot] else { return }
    switch submission {
    case .sent(let id):
      calls[slot]?.phase = .sent(id)
    case .accepted(let isBuffered):
      settle(slot, .accepted(isBuffered: isBuffered))
    case .refused(let refusal):
      settle(slot, .error(error(for: refusal, functionID: call.functionID)))
    }
  }

  /// The engine's answer to a call, or the link's word that there will be none.
  mutating func answered(_ slot: Int, _ outcome: CallOutcome, hasNewlines: Bool) {
    guard let call = calls[slot] else { return }
    switch outcome {
    case .result(let range):
      settle(slot, .raw(range, flattening: hasNewlines))
    case .error(let code, let message, let stacktrace):
      settle(slot, .tokens(code: code, message: message, stacktrace: stacktrace, functionID: call.functionID))
    case .failure(let failure):
      settle(slot, .error(error(for: failure, functionID: call.functionID)))
    }
  }

  /// A client gives up its own request; the request is answered with CANCELLED, and the cancellation with whether there
  /// was one.
  mutating func cancel(_ id: RequestID, reply: ReplyAddress) {
    let found = clients[reply.client.slot]?.calls.first { calls[$0]?.reply.id == id }
    if let found {
      if case .sent(let call?) = calls[found]?.phase { effects.append(.forget(call)) }
      settle(found, .error(.cancelled()))
    }
    effects.append(.reply(reply, .cancelled(found != nil)))
    finishIfDone(reply.client)
  }

  /// A question of ours to the engine, whose text is `stored`.
  mutating func discover(_ reply: ReplyAddress, _ stored: [UInt8], _ members: InvocationMembers, functionID: String) {
    guard linkState == .connected else {
      return effects.append(.reply(reply, .error(notConnected(functionID: functionID))))
    }
    let slot = addCall(CallRecord(reply: reply, phase: .sent(nil), functionID: functionID))
    effects.append(.submit(call: slot, members, .synchronous, timeoutMilliseconds: 10_000, stored: stored))
  }

  // MARK: - The link

  /// The link has changed its state.
  mutating func linkChanged(to state: ConnectionState, error: String?, now: MonotonicTime) {
    linkState = state
    linkError = error
    switch state {
    case .connected:
      for slot in calls.slots {
        guard case .parked(let parked) = calls[slot]?.phase else { continue }
        callDeadlines.remove(token: slot)
        calls[slot]?.phase = .sent(nil)
        effects.append(
          .submit(
            call: slot, parked.members, parked.action, timeoutMilliseconds: parked.timeoutMilliseconds,
            stored: parked.text))
      }
    case .failed:
      for slot in calls.slots {
        guard case .parked = calls[slot]?.phase else { continue }
        settle(slot, .error(notConnected(functionID: calls[slot]?.functionID)))
      }
    default: break
    }
  }

  // MARK: - Records

  mutating func addCall(_ call: CallRecord) -> Int {
    let client = call.reply.client.slot
    let slot = calls.insert(call)
    calls[slot]?.position = clients[client]?.calls.count ?? 0
    clients[client]?.calls.append(slot)
    return slot
  }

  /// Removes a call without a response.
  mutating func dropCall(_ slot: Int) {
    callDeadlines.remove(token: slot)
    guard let call = calls.remove(slot) else { return }
    if case .registration(let function) = call.phase { functions[function]?.waiting.removeAll { $0 == slot } }
    let client = call.reply.client
    guard clients[client.slot]?.id == client, let last = clients[client.slot]?.calls.popLast(), last != slot else {
      return
    }
    clients[client.slot]?.calls[call.position] = last
    calls[last]?.position = call.position
  }

  /// Gives a call its response.
  mutating func settle(_ slot: Int, _ content: RelayEffect.Reply) {
    guard let reply = calls[slot]?.reply else { return }
    dropCall(slot)
    if reply.id != nil { effects.append(.reply(reply, content)) }
    finishIfDone(reply.client)
    finishDrainIfDone()
  }

  /// A parked call or a registration has waited long enough.
  mutating func callExpired(_ slot: Int) {
    switch calls[slot]?.phase {
    case .parked: settle(slot, .error(notConnected(functionID: calls[slot]?.functionID)))
    case .registration(let function): settle(slot, .registration(function: function))
    default: break
    }
  }
}
