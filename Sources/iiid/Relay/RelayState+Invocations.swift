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
    guard let slot = functionSlots[functionID], let token = functions[slot]?.token else {
      // The frame crossed our unregistration.
      let token = Array(copying: text.extracting(members.functionID))
      return effects.append(
        .answer(
          incoming, token: token, .error(code: "function_not_found", message: "no worker serves \(functionID)")))
    }
    let instance = functions[slot]?.freeInstance
    if instance == nil, let function = functions[slot], function.queue.count >= function.queueLimit {
      return effects.append(
        .answer(
          incoming, token: token,
          .error(
            code: "OVERLOADED",
            message: "every worker of \(functionID) is busy and \(function.queue.count) invocations wait")))
    }
    let invocation = invocations.insert(
      InvocationRecord(
        incoming: incoming, members: members, token: token, function: slot, functionID: functionID, phase: .queued([])))
    if let timeout = functions[slot]?.timeoutMilliseconds {
      invocationDeadlines.insert(token: invocation, at: now + timeout)
    }
    if let instance {
      hand(invocation, to: instance, of: slot, stored: nil)
    } else {
      invocations[invocation]?.phase = .queued(Array(copying: text))
      functions[slot]?.queue.append(invocation)
    }
  }

  /// Gives waiting invocations to free workers.
  mutating func dispatch(_ slot: Int) {
    while let invocation = functions[slot]?.queue.first, let instance = functions[slot]?.freeInstance {
      functions[slot]?.queue.removeFirst()
      guard case .queued(let text) = invocations[invocation]?.phase else { continue }
      hand(invocation, to: instance, of: slot, stored: text)
    }
  }

  private mutating func hand(_ invocation: Int, to instance: Int, of slot: Int, stored: [UInt8]?) {
    guard let client = functions[slot]?.instances[instance].client, let record = invocations[invocation] else { return }
    functions[slot]?.instances[instance].inFlight += 1
    let serial = (clients[client.slot]?.lastSerial ?? 0) + 1
    clients[client.slot]?.lastSerial = serial
    clients[client.slot]?.invocations.append(invocation)
    invocations[invocation]?.phase = .running(client)
    invocations[invocation]?.serial = serial
    effects.append(
      .invoke(
        client,
        RelayEffect.Invoke(
          serial: serial, incoming: record.incoming, members: record.members, token: record.token,
          timeoutMilliseconds: functions[slot]?.timeoutMilliseconds, stored: stored)))
  }

  /// A worker's answer to the request `d<serial>`: the invocation's outcome, unless it has one already, and a free place
  /// at the worker. Returns false when the worker has no such request open.
  mutating func workerAnswered(_ client: ClientID, serial: Int, _ answer: RelayEffect.Answer) -> Bool {
    guard let position = clients[client.slot]?.invocations.firstIndex(where: { invocations[$0]?.serial == serial }),
      let slot = clients[client.slot]?.invocations[position]
    else {
      strayResponses += 1
      return false
    }
    clients[client.slot]?.invocations.remove(at: position)
    if case .running = invocations[slot]?.phase { conclude(slot, answer) } else { strayResponses += 1 }
    guard let record = invocations.remove(slot) else { return true }
    if functionSlots[record.functionID] == record.function,
      let instance = functions[record.function]?.index(of: client)
    {
      let finish = nextFinish()
      functions[record.function]?.instances[instance].inFlight -= 1
      functions[record.function]?.instances[instance].lastFinished = finish
      dispatch(record.function)
    }
    finishDrainIfDone()
    return true
  }

  /// Gives the invocation its one outcome.
  mutating func conclude(_ slot: Int, _ answer: RelayEffect.Answer) {
    invocationDeadlines.remove(token: slot)
    guard let record = invocations[slot] else { return }
    effects.append(.answer(record.incoming, token: record.token, answer))
  }

  /// Gives a running invocation its outcome and tells the worker, which stays busy until it answers.
  mutating func abandon(_ slot: Int, _ answer: RelayEffect.Answer?, _ reason: DaemonMessage.CancelReason) {
    guard let record = invocations[slot], case .running(let client) = record.phase else { return }
    if let answer { conclude(slot, answer) } else { invocationDeadlines.remove(token: slot) }
    invocations[slot]?.phase = .abandoned(client)
    effects.append(.cancelInvocation(client, serial: record.serial, reason))
  }

  /// The function's own time limit has passed.
  mutating func invocationExpired(_ slot: Int, now: MonotonicTime) {
    guard let record = invocations[slot] else { return }
    let limit = functions[record.function]?.timeoutMilliseconds ?? 0
    let answer = RelayEffect.Answer.error(
      code: "TIMEOUT", message: "\(record.functionID) did not answer within \(limit) ms")
    switch record.phase {
    case .queued:
      conclude(slot, answer)
      functions[record.function]?.queue.removeAll { $0 == slot }
      invocations.remove(slot)
    case .running: abandon(slot, answer, .deadline)
    case .abandoned: break
    }
    finishDrainIfDone()
  }

  /// The connection is gone over which the outcomes would go: workers are told and may finish; what waits is dropped.
  mutating func connectionLost() {
    for slot in invocations.slots {
      guard let record = invocations[slot] else { continue }
      switch record.phase {
      case .queued:
        invocationDeadlines.remove(token: slot)
        functions[record.function]?.queue.removeAll { $0 == slot }
        invocations.remove(slot)
      case .running: abandon(slot, nil, .linkLost)
      case .abandoned: break
      }
    }
    finishDrainIfDone()
  }
}
