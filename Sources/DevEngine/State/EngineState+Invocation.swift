extension EngineState {
  /// A worker calls a function (engine protocol, section 3).
  mutating func invoke(_ call: IncomingInvocation, from connection: Int, _ now: Int) {
    var reply: ReplyAddress? =
      if let id = call.id, call.action != .void {
        ReplyAddress(connection: connection, id: id, functionID: call.functionID, trace: call.trace)
      } else {
        nil
      }
    if let namespace = call.namespace, namespace.allSatisfy(\.isWhitespace) {
      return answer(reply, result: nil, error: .invalidNamespace)
    }
    let key = FunctionKey(namespace: call.namespace, id: call.functionID)
    if intercepts(callsFrom: connection), let worker = workers[connection], intercept(call, key, of: worker, now) {
      return
    }
    if case .enqueue(let queue) = call.action {
      return enqueue(call, key, queue, reply, now)
    }
    let trace = traced(call.trace)
    reply?.trace = traced(trace)
    var data = call.data
    if case .object(var object) = data, let caller = workers[connection]?.id {
      object["_caller_worker_id"] = .string(caller)
      data = .object(object)
    }
    dispatch(
      OutgoingInvocation(
        id: reply?.id ?? makeID(), functionID: key.id, data: data, trace: trace, metadata: call.metadata),
      to: key, from: connection, for: .call, reply, now)
  }

  /// Hands an invocation to the worker that owns the function, or runs it when it is the engine's own.
  ///
  /// - Parameters:
  ///   - invocation: The invocation with the caller's trace context.
  ///   - key: The function; it is looked for in exactly that namespace.
  ///   - caller: The calling worker's connection; nil for the queue.
  ///   - purpose: What the outcome is for.
  ///   - reply: Where the outcome goes.
  ///   - now: The time.
  mutating func dispatch(
    _ invocation: OutgoingInvocation, to key: FunctionKey, from caller: Int?, for purpose: PendingInvocation.Purpose,
    _ reply: ReplyAddress?, _ now: Int
  ) {
    guard let record = functions[key], let executor = workers[record.owner] else {
      let local = PendingInvocation(sequence: nextSequence, executor: -1, reply: reply, purpose: purpose)
      guard let builtin = builtin(key) else {
        return conclude(local, result: nil, error: functionNotFound(key), now)
      }
      return run(builtin, invocation, from: caller, as: local, now)
    }
    let handed = PendingInvocation(sequence: nextSequence, executor: record.owner, reply: reply, purpose: purpose)
    nextSequence += 1
    if let endpoint = record.endpoint { return callOverHTTP(endpoint, invocation, as: handed, now) }
    if executor.breaksOnLargeMessages, invocation.data.isBeyondSmallMessages {
      return conclude(handed, result: nil, error: .tooLarge(for: executor), now)
    }
    // Stored before it is sent, so that the fastest answer finds it. A second call under one id takes it over.
    if let former = pending.updateValue(handed, forKey: invocation.id) {
      conclude(former, result: nil, error: .supersededID, now)
    }
    var outgoing = invocation
    outgoing.functionID = executor.session.workerID(key.id)
    if compatibility.tracesEveryCall {
      if outgoing.trace.traceparent == nil { outgoing.trace = traced(outgoing.trace) }
    } else if case .call = purpose, caller != nil {
      outgoing.trace = invocation.trace.naming(function: key.id)
    }
    send(.invokeFunction(outgoing), to: record.owner)
  }

  private mutating func run(
    _ builtin: Builtin, _ invocation: OutgoingInvocation, from caller: Int?, as local: PendingInvocation, _ now: Int
  ) {
    let call = BuiltinCall(
      functionID: invocation.functionID, input: invocation.data, caller: caller, trace: invocation.trace,
      invocation: local, now: now)
    do {
      switch try builtin.run(&self, call) {
      case .result(let result): conclude(local, result: result, error: nil, now)
      case .unanswered: break
      }
    } catch let error as ErrorBody {
      conclude(local, result: nil, error: error, now)
    } catch {
      let message = "Failed to deserialize input for \(invocation.functionID): \(error)"
      conclude(local, result: nil, error: ErrorBody(code: "deserialization_error", message: message), now)
    }
  }

  /// A worker's word about an invocation: the first one for an id counts, whoever sends it.
  mutating func resolve(_ id: InvocationID, result: JSONValue?, error: ErrorBody?, _ now: Int) {
    guard let invocation = pending.removeValue(forKey: id) else { return }
    conclude(invocation, result: result, error: error, now)
  }

  /// Does with an outcome what it is for; an error beats a result.
  mutating func conclude(_ invocation: PendingInvocation, result: JSONValue?, error: ErrorBody?, _ now: Int) {
    switch invocation.purpose {
    case .call: answer(invocation.reply, result: result, error: error)
    case .enqueue(let receipt): enqueued(receipt, invocation.reply, error)
    case .admission(let connection): authenticated(connection, result: result, error: error, now)
    case .registration(let message, let connection):
      hookAnswered(message, of: connection, result: result, error: error, now)
    case .delivery(let job): delivered(job, error, now)
    case .ownTrigger(let call): triggerCalled(call, result: result, error: error, now)
    }
  }

  /// Sends an outcome to the caller, if it wants one and is still there.
  mutating func answer(_ reply: ReplyAddress?, result: JSONValue?, error: ErrorBody?) {
    guard let reply, let caller = workers[reply.connection] else { return }
    var outcome = InvocationOutcome(
      id: reply.id, functionID: reply.functionID, result: error == nil ? result : nil, error: error, trace: reply.trace)
    if caller.breaksOnLargeMessages, outcome.result?.isBeyondSmallMessages == true {
      outcome.result = nil
      outcome.error = .tooLarge(for: caller)
    }
    send(.invocationResult(outcome), to: reply.connection)
  }

  /// The context under which an invocation goes on: with a span of the engine's own where the version makes one.
  private func traced(_ trace: TraceContext) -> TraceContext {
    compatibility.tracesEveryCall ? trace.entering(span: makeID()) : trace
  }

  private func functionNotFound(_ key: FunctionKey) -> ErrorBody {
    guard compatibility.explainsMissingFunctions else {
      return ErrorBody(code: "function_not_found", message: "Function \(key.id) not found")
    }
    var namespaces = functions.keys.filter { $0.id.isSameBytes(as: key.id) }.map(\.namespace)
    if Builtin.table[key.id] != nil, !namespaces.contains(FunctionKey.defaultNamespace) {
      namespaces.append(FunctionKey.defaultNamespace)
    }
    var message = "Function \(key.id) not found in namespace \(key.namespace)."
    if !namespaces.isEmpty {
      let list = namespaces.sorted { $0.precedes($1) }.joined(separator: ", ")
      message += " It is registered in namespace(s): \(list)."
    }
    return ErrorBody(code: "function_not_found", message: message)
  }
}

extension ErrorBody {
  /// Another call took the same invocation id while the first was in flight.
  fileprivate static let supersededID = ErrorBody(
    code: "invocation_error", message: "Another invocation with the same id took its place")

  fileprivate static func tooLarge(for worker: WorkerRecord) -> ErrorBody {
    ErrorBody(
      code: "payload_too_large",
      message:
        "Worker \(worker.displayName) cannot receive messages of more than 1 MiB: its SDK would lose the connection")
  }
}

extension JSONValue {
  /// Whether the value alone makes a message of more than 1 MiB.
  fileprivate var isBeyondSmallMessages: Bool { isLarger(than: 1 << 20) }
}
