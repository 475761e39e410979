import III
import LocalProtocol
import Transport

// What workers register.
extension RelayState {
  /// A connection offers to serve a function (local protocol, section 6).
  mutating func registerFunction(
    _ reply: ReplyAddress, id: String, token: [UInt8], definition: [UInt8], maxInFlight: Int, queueLimit: Int,
    timeoutMilliseconds: Int?, lingerMilliseconds: Int, waitMilliseconds: Int, isOverHTTP: Bool = false,
    now: MonotonicTime
  ) {
    let client = reply.client
    guard isConnected(client) else { return }
    if let refusal = registrationRefusal(id, client, isOverHTTP: isOverHTTP) {
      return effects.append(.reply(reply, .error(refusal)))
    }
    // One that only lingers gives way to one of the other kind.
    if let slot = functionSlots[id], functions.at[slot].isOverHTTP != isOverHTTP { removeFunction(slot) }
    let slot: Int
    if let known = functionSlots[id] {
      slot = known
      lingerDeadlines.remove(token: slot)
      functions.at[slot].queueLimit = queueLimit
      functions.at[slot].timeoutMilliseconds = timeoutMilliseconds
      functions.at[slot].lingerMilliseconds = lingerMilliseconds
      if functions.at[slot].definition != definition {
        functions.at[slot].definition = definition
        effects.append(.register(id: id, definition: definition))
      }
    } else {
      slot = functions.insert(
        FunctionRecord(
          id: id, token: token, definition: definition, state: .pending, queueLimit: queueLimit,
          timeoutMilliseconds: timeoutMilliseconds, lingerMilliseconds: lingerMilliseconds, isOverHTTP: isOverHTTP))
      functionSlots[id] = slot
      effects.append(.register(id: id, definition: definition))
    }
    let finish = nextFinish()
    functions.at[slot].instances.append(
      FunctionRecord.Instance(client: client, maxInFlight: isOverHTTP ? 0 : maxInFlight, lastFinished: finish))
    clients.at[client.slot].functions.append(slot)
    if functions.at[slot].state == .pending, waitMilliseconds > 0, linkState == .connected || linkState == .connecting {
      let call = addCall(CallRecord(reply: reply, phase: .registration, functionID: id))
      calls.at[call].function = slot
      functions.at[slot].waiting.append(call)
      callDeadlines.insert(token: call, at: now + waitMilliseconds)
    } else {
      effects.append(.reply(reply, .registration(function: slot)))
    }
    dispatch(slot)
  }

  private func registrationRefusal(_ id: String, _ client: ClientID, isOverHTTP: Bool) -> LocalError? {
    if linkState == .failed { return notConnected(functionID: id) }
    if clients.at[client.slot].hasReachedEnd {
      return .invalidRequest("this connection has closed its writing side and could not answer an invocation")
    }
    if let slot = functionSlots[id], clients.at[client.slot].functions.contains(slot) { return .alreadyRegistered(id) }
    if let slot = functionSlots[id], isOverHTTP || functions.at[slot].isOverHTTP, !functions.at[slot].instances.isEmpty
    {
      let how = functions.at[slot].isOverHTTP ? "has registered it to be called over HTTP" : "serves it"
      return .registrationRefused(
        code: "FUNCTION_TAKEN", "another connection of this daemon \(how): \"\(id)\"", source: .iiid)
    }
    if clients.at[client.slot].functions.count >= limits.registrationsPerConnection {
      return .overloaded(
        "this connection has registered \(limits.registrationsPerConnection) functions", retryAfter: 1000)
    }
    if functionSlots[id] == nil, functions.count >= limits.functions {
      return .overloaded("\(limits.functions) functions are registered already", retryAfter: 1000)
    }
    return nil
  }

  /// A connection serves a function no more. With `isDraining` what it is working on runs on; else that fails at once.
  mutating func unregisterFunction(_ reply: ReplyAddress, id: String, isDraining: Bool, now: MonotonicTime) {
    let client = reply.client
    guard let slot = functionSlots[id], let position = clients.at[client.slot].functions.firstIndex(of: slot) else {
      return effects.append(.reply(reply, .unregistered(isRemoved: false, instances: 0)))
    }
    clients.at[client.slot].functions.remove(at: position)
    if !isDraining {
      for invocation in clients.at[client.slot].invocations where invocations.at[invocation].function == slot {
        abandon(invocation, .error(code: "invocation_stopped", message: "the worker has unregistered \(id)"), .drain)
      }
    }
    removeInstance(of: client, from: slot, now: now, isExplicit: true)
    let instances = functionSlots[id] == slot ? functions.at[slot].instances.count : 0
    effects.append(.reply(reply, .unregistered(isRemoved: true, instances: instances)))
  }

  /// A worker finishes what it has and takes nothing new.
  mutating func drainClient(_ reply: ReplyAddress, now: MonotonicTime) {
    let client = reply.client
    for slot in clients.at[client.slot].functions {
      guard let index = functions.at[slot].index(of: client) else { continue }
      functions.at[slot].instances[index].isDraining = true
      lingerIfUnserved(slot, now: now)
    }
    effects.append(.reply(reply, .draining(inFlight: clients.at[client.slot].invocations.count)))
  }

  /// Takes a connection off a function. Where it was the last one, an explicit removal ends the registration; a lost
  /// worker's function lingers, so that a restarting script does not flap the registry (local protocol, section 2.7).
  mutating func removeInstance(of client: ClientID, from slot: Int, now: MonotonicTime, isExplicit: Bool) {
    guard let index = functions.at[slot].index(of: client) else { return }
    functions.at[slot].instances.remove(at: index)
    if isExplicit, functions.at[slot].instances.isEmpty {
      removeFunction(slot)
    } else {
      lingerIfUnserved(slot, now: now)
    }
  }

  private mutating func lingerIfUnserved(_ slot: Int, now: MonotonicTime) {
    guard !functions.at[slot].isServed else { return }
    let linger = functions.at[slot].lingerMilliseconds
    guard linger > 0, !isDraining else { return removeFunction(slot) }
    lingerDeadlines.insert(token: slot, at: now + linger)
  }

  /// No worker has come back for the function.
  mutating func lingerExpired(_ slot: Int) {
    if !functions.at[slot].isServed { removeFunction(slot) }
  }

  /// Ends the registration; invocations that wait fail, those at a draining worker run on.
  mutating func removeFunction(_ slot: Int) {
    guard functions.has(slot) else { return }
    let function = functions.at[slot]
    for invocation in function.queue {
      conclude(invocation, .error(code: "invocation_stopped", message: "WORKER_GONE: no worker serves \(function.id)"))
      invocations.remove(invocation)
    }
    functions.at[slot].queue.removeAll()
    for call in function.waiting {
      settle(call, .error(.cancelled("the registration ended before the engine confirmed it")))
    }
    for instance in function.instances { clients.at[instance.client.slot].functions.removeAll { $0 == slot } }
    lingerDeadlines.remove(token: slot)
    functionSlots[function.id] = nil
    functions.remove(slot)
    effects.append(.unregister(id: function.id))
    finishDrainIfDone()
  }

  /// The link's word on a registration.
  mutating func registration(of id: String, became state: RegistrationState) {
    guard let slot = functionSlots[id] else { return }
    functions.at[slot].state = state
    guard state != .pending else { return }
    for call in functions.at[slot].waiting { settle(call, .registration(function: slot)) }
  }

  /// The link has not taken a function: nothing is known of it at the engine.
  mutating func refused(_ id: String, _ refusal: RegistrationRefusal) {
    guard let slot = functionSlots[id] else { return }
    for call in functions.at[slot].waiting { settle(call, .error(error(for: refusal, of: "functions"))) }
    removeFunction(slot)
  }
}
