// Engine protocol, section 4.6.
extension EngineState {
  /// Why a session may not call a function, looked at as it is now; nil when it may.
  func denial(of key: FunctionKey, in session: Session) -> Session.Denial? {
    session.denial(of: key, metadata: functions[key]?.definition.metadata)
  }

  /// Whether lists show a function to a worker: it may call it, or owns it. Everything to the engine itself.
  func isVisible(_ key: FunctionKey, to caller: Int?) -> Bool {
    guard let caller, let worker = workers[caller] else { return true }
    return functions[key]?.owner == caller || denial(of: key, in: worker.session) == nil
  }

  // MARK: - Calls

  /// Whether the connection's listener has anything to say about calls; most have not.
  func intercepts(callsFrom connection: Int) -> Bool { workers[connection]?.session.rules.concernsCalls == true }

  /// Does with a call what the access rules say: answers it, or sends it to the middleware.
  ///
  /// - Returns: Whether that was all.
  mutating func intercept(_ call: IncomingInvocation, _ key: FunctionKey, of worker: WorkerRecord, _ now: Int) -> Bool {
    let session = worker.session
    if let denial = denial(of: key, in: session) {
      refuse(call, .notAllowed(key.id, denial), worker)
      return true
    }
    if key == Self.announceFunction, let refusal = refusal(ofAnnounce: call.data, in: session) {
      refuse(call, refusal, worker)
      return true
    }
    guard let middleware = session.rules.middleware, functions[key] != nil || builtin(key) == nil else { return false }
    let data: JSONObject = [
      "function_id": .string(call.functionID), "payload": call.data, "action": call.action.json,
      "context": session.context, "namespace": .string(key.namespace),
    ]
    dispatch(
      OutgoingInvocation(
        id: makeID(), functionID: middleware, data: .object(data), trace: call.trace, metadata: call.metadata),
      to: FunctionKey(namespace: key.namespace, id: middleware), from: nil, for: .call, reply(to: call, of: worker), now
    )
    return true
  }

  private static let announceFunction = FunctionKey(id: "engine::workers::register")

  /// Why a worker may not join the namespace that its announce names.
  private func refusal(ofAnnounce data: JSONValue, in session: Session) -> ErrorBody? {
    guard compatibility.hasNamespaces, !session.namespaces.isEmpty else { return nil }
    let declared = data.object?["namespace"]?.string ?? FunctionKey.defaultNamespace
    guard session.namespaces[declared] == nil else { return nil }
    let permitted = session.namespaces.keys.sorted { $0.precedes($1) }.joined(separator: ", ")
    return .forbidden("namespace '\(declared)' not allowed for this session (permitted: \(permitted))")
  }

  /// A refusal is told even to a call that wants no answer.
  private mutating func refuse(_ call: IncomingInvocation, _ error: ErrorBody, _ worker: WorkerRecord) {
    answer(reply(to: call, of: worker), result: nil, error: error)
  }

  private func reply(to call: IncomingInvocation, of worker: WorkerRecord) -> ReplyAddress {
    ReplyAddress(
      connection: worker.connection, id: call.id ?? makeID(), functionID: call.functionID, trace: call.trace)
  }

  // MARK: - Registrations

  /// Whether a session lets its worker register this; what it does not is refused without a word to the worker.
  mutating func permits(_ message: RegistrationMessage, of worker: WorkerRecord) -> Bool {
    let session = worker.session
    switch message {
    case .registerFunction(let definition) where !session.mayRegisterFunctions:
      log(.warning, "function \(definition.id): worker \(worker.displayName) may not register functions, ignoring")
      return false
    case .registerTriggerType(let definition) where !session.mayRegisterTriggerTypes:
      log(.warning, "trigger type \(definition.id): worker \(worker.displayName) may not register types, ignoring")
      return false
    case .registerTrigger(let request) where session.allowedTriggerTypes?.contains(request.triggerType) == false:
      log(
        .warning, "binding \(request.id): worker \(worker.displayName) may not bind to \(request.triggerType), ignoring"
      )
      return false
    default: return true
    }
  }

  /// Why the target of a binding is refused; nil when it is not.
  func refusal(ofTarget key: FunctionKey, in session: Session) -> ErrorBody? {
    guard denial(of: key, in: session) != nil else { return nil }
    return .forbidden("function '\(key.id)' not allowed in namespace '\(key.namespace)'")
  }
}

extension ErrorBody {
  static func forbidden(_ message: String) -> ErrorBody { ErrorBody(code: "FORBIDDEN", message: message) }

  /// Why a function may not be called or looked at.
  static func notAllowed(_ id: String, _ denial: Session.Denial) -> ErrorBody {
    switch denial {
    case .notExposed: .forbidden("function '\(id)' not allowed (add to rbac.expose_functions)")
    case .forbidden: .forbidden("function '\(id)' not allowed (remove from rbac.forbidden_functions)")
    }
  }
}

extension IncomingInvocation.Action {
  /// As the middleware is told of it.
  fileprivate var json: JSONValue {
    switch self {
    case .synchronous: .null
    case .void: ["type": "void"]
    case .enqueue(let queue): ["type": "enqueue", "queue": .string(queue)]
    }
  }
}
