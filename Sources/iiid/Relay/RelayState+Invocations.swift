import Bytes
import III
import LocalProtocol
import Transport

// What the engine asks of workers.
extension RelayState {
  /// The engine hands us an invocation; `text` is copied only if no worker is free.
  mutating func invoked(
    _ incoming: IncomingInvocation, _ members: InvocationMembers, functionID: String, now: MonotonicTime,
    _ text: Span<UInt8>
  ) {
    guard let slot = functionSlots[functionID] else {
      // The frame crossed our unregistration.
      let token = Array(copying: text.extracting(members.functionID))
      return effects.append(
        .answer(
          incoming, token: token, .error(code: "function_not_found", message: "no worker serves \(functionID)")))
    }
    let token = functions.at[slot].token
    let instance = functions.at[slot].freeInstance
    if instance == nil, let refusal = refusal(ofInvocationOf: slot) {
      effects.append(.answer(incoming, token: token, .error(code: refusal.code, message: refusal.message)))
      if isObserved { observe(refused: incoming, functionID: functionID, code: refusal.code, now: now) }
      return
    }
    let timeout = functions.at[slot].timeoutMilliseconds
    let invocation = invocations.insert(
      InvocationRecord(
        incoming: incoming, members: members, token: token, function: slot, functionID: functionID,
        startedAt: now, timeoutMilliseconds: timeout))
    if let timeout {
      invocationDeadlines.insert(token: invocation, at: now + timeout)
    }
    if let instance {
      hand(invocation, to: instance, of: slot, stored: nil)
    } else {
      invocations.at[invocation].text = Array(copying: text)
      functions.at[slot].queue.append(invocation)
    }
  }

  /// Why an invocation for which no worker is free does not wait for one; nil when it does.
  private func refusal(ofInvocationOf slot: Int) -> (code: String, message: String)? {
    let id = functions.at[slot].id
    if functions.at[slot].isOverHTTP {
      return ("function_not_invokable", "the engine calls \(id) over HTTP: no worker serves it")
    }
    let waiting = functions.at[slot].queue.count
    guard waiting >= functions.at[slot].queueLimit else { return nil }
    return ("OVERLOADED", "every worker of \(id) is busy and \(waiting) invocations wait")
  }

  /// Gives waiting invocations to free workers.
  mutating func dispatch(_ slot: Int) {
    while let invocation = functions.at[slot].queue.first, let instance = functions.at[slot].freeInstance {
      functions.at[slot].queue.removeFirst()
      let text = invocations.at[invocation].text
      invocations.at[invocation].text = []
      hand(invocation, to: instance, of: slot, stored: text)
    }
  }

  private mutating func hand(_ invocation: Int, to instance: Int, of slot: Int, stored: [UInt8]?) {
    let client = functions.at[slot].instances[instance].client
    functions.at[slot].instances[instance].inFlight += 1
    clients.at[client.slot].lastSerial += 1
    clients.at[client.slot].invocations.append(invocation)
    let serial = clients.at[client.slot].lastSerial
    invocations.at[invocation].phase = .running
    invocations.at[invocation].client = client
    invocations.at[invocation].serial = serial
    effects.append(
      .invoke(
        client,
        RelayEffect.Invoke(
          serial: serial, incoming: invocations.at[invocation].incoming, members: invocations.at[invocation].members,
          token: invocations.at[invocation].token,
          timeoutMilliseconds: invocations.at[invocation].timeoutMilliseconds,
          stored: stored)))
  }

  /// A worker's answer to the request `d<serial>`: the invocation's outcome, unless it has one already, and a free place
  /// at the worker. Returns false when the worker has no such request open.
  mutating func workerAnswered(_ client: ClientID, serial: Int, _ answer: RelayEffect.Answer) -> Bool {
    let open = clients.at[client.slot].invocations.firstIndex { invocations.at[$0].serial == serial }
    guard isConnected(client), let open else {
      strayResponses += 1
      return false
    }
    let slot = clients.at[client.slot].invocations.remove(at: open)
    let function = invocations.at[slot].function
    if invocations.at[slot].phase == .running { conclude(slot, answer) } else { strayResponses += 1 }
    let isThere = functionSlots[invocations.at[slot].functionID] == function
    invocations.remove(slot)
    if isThere, let instance = functions.at[function].index(of: client) {
      functions.at[function].instances[instance].inFlight -= 1
      functions.at[function].instances[instance].lastFinished = nextFinish()
      dispatch(function)
    }
    finishDrainIfDone()
    return true
  }

  /// Gives the invocation its one outcome.
  mutating func conclude(_ slot: Int, _ answer: RelayEffect.Answer) {
    invocationDeadlines.remove(token: slot)
    effects.append(.answer(invocations.at[slot].incoming, token: invocations.at[slot].token, answer))
    if isObserved { observe(invocation: slot, answer) }
  }

  /// The invocation is over, and nobody can be told.
  private mutating func concludeUnheard(_ slot: Int) {
    invocationDeadlines.remove(token: slot)
    if isObserved { observe(invocation: slot, nil) }
  }

  /// Gives a running invocation its outcome, if there is one, and tells the worker, which stays busy until it answers.
  mutating func abandon(_ slot: Int, _ answer: RelayEffect.Answer?, _ reason: DaemonMessage.CancelReason) {
    guard invocations.at[slot].phase == .running else { return }
    if let answer { conclude(slot, answer) } else { concludeUnheard(slot) }
    invocations.at[slot].phase = .abandoned
    effects.append(
      .cancelInvocation(invocations.at[slot].client, serial: invocations.at[slot].serial, reason))
  }

  /// The function's own time limit has passed.
  mutating func invocationExpired(_ slot: Int) {
    let id = invocations.at[slot].functionID
    let limit = invocations.at[slot].timeoutMilliseconds ?? 0
    giveUp(slot, .error(code: "TIMEOUT", message: "\(id) did not answer within \(limit) ms"), .deadline)
    finishDrainIfDone()
  }

  /// Gives an invocation its outcome, if there is one, whether it waits or runs.
  mutating func giveUp(_ slot: Int, _ answer: RelayEffect.Answer?, _ reason: DaemonMessage.CancelReason) {
    guard invocations.at[slot].phase == .queued else { return abandon(slot, answer, reason) }
    if let answer { conclude(slot, answer) } else { concludeUnheard(slot) }
    functions.at[invocations.at[slot].function].queue.removeAll { $0 == slot }
    invocations.remove(slot)
  }

  /// The connection is gone over which the outcomes would go: workers are told and may finish; what waits is dropped.
  mutating func connectionLost() {
    for slot in invocations.slots { giveUp(slot, nil, .linkLost) }
    finishDrainIfDone()
  }
}
