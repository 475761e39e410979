import Bytes

extension EngineMessage {
  /// Appends the frame's text to `output`, its members in the order in which a real engine sends them.
  func write(into output: inout ByteBuffer) {
    switch self {
    case .workerRegistered(let workerID, let token):
      output.append("{\"type\":\"workerregistered\"")
      output.append(member: "worker_id", string: workerID)
      if let token { output.append(member: "reattach_token", string: token) }
    case .authenticationFailed(let error):
      output.append("{\"type\":\"error\"")
      output.append(error: error)
    case .registrationRejected(let rejection):
      output.append("{\"type\":\"registrationrejected\"")
      rejection.write(into: &output)
    case .invokeFunction(let invocation):
      output.append("{\"type\":\"invokefunction\"")
      output.append(member: "invocation_id", string: invocation.id.description)
      output.append(member: "function_id", string: invocation.functionID)
      output.append(member: "data", json: invocation.data)
      output.append(trace: invocation.trace)
      output.append(member: "metadata", json: invocation.metadata)
    case .invocationResult(let outcome):
      output.append("{\"type\":\"invocationresult\"")
      output.append(member: "invocation_id", string: outcome.id.description)
      output.append(member: "function_id", string: outcome.functionID)
      if outcome.error == nil, outcome.result != .null { output.append(member: "result", json: outcome.result) }
      output.append(error: outcome.error)
      output.append(trace: outcome.trace)
    case .registerTrigger(let binding):
      output.append("{\"type\":\"registertrigger\"")
      binding.write(into: &output)
    case .unregisterTrigger(let id, let triggerType):
      output.append("{\"type\":\"unregistertrigger\"")
      output.append(member: "id", string: id)
      output.append(member: "trigger_type", string: triggerType)
    case .triggerRegistrationResult(let result):
      output.append("{\"type\":\"triggerregistrationresult\"")
      output.append(member: "id", string: result.id)
      output.append(member: "trigger_type", string: result.triggerType)
      output.append(member: "function_id", string: result.functionID)
      output.append(error: result.error)
    case .pong:
      output.append("{\"type\":\"pong\"")
    }
    output.append("}")
  }

  /// About how many bytes ``write(into:)`` appends; right to the size class of the frame's header for most.
  var sizeHint: Int {
    switch self {
    case .invokeFunction(let invocation): 160 + invocation.functionID.utf8.count + invocation.data.sizeEstimate
    case .invocationResult(let outcome): 160 + outcome.functionID.utf8.count + (outcome.result?.sizeEstimate ?? 0)
    default: 160
    }
  }
}

extension RegistrationRejection {
  fileprivate func write(into output: inout ByteBuffer) {
    switch self {
    case .function(let id, let namespace, let owner):
      output.append(member: "code", string: "FUNCTION_NAMESPACE_CONFLICT")
      output.append(member: "namespace", string: namespace)
      output.append(member: "function_id", string: id)
      output.append(member: "owner_worker_id", string: owner)
    case .worker(let name, let namespace, let owner):
      output.append(member: "code", string: "WORKER_NAMESPACE_CONFLICT")
      output.append(member: "namespace", string: namespace)
      output.append(member: "worker_name", string: name)
      output.append(member: "owner_worker_id", string: owner)
    }
  }
}

extension TriggerBinding {
  /// The namespaces are named only when they are not the default one.
  fileprivate func write(into output: inout ByteBuffer) {
    output.append(member: "id", string: id)
    output.append(member: "trigger_type", string: triggerType)
    output.append(member: "function_id", string: functionID)
    output.append(member: "config", json: config)
    output.append(member: "metadata", json: metadata)
    if namespace != FunctionKey.defaultNamespace { output.append(member: "namespace", string: namespace) }
    if let triggerNamespace, triggerNamespace != FunctionKey.defaultNamespace {
      output.append(member: "trigger_namespace", string: triggerNamespace)
    }
  }
}

extension ByteBuffer {
  fileprivate mutating func append(member name: String, string value: String) {
    append(",\"")
    append(name)
    append("\":")
    append(engineString: value)
  }

  fileprivate mutating func append(member name: String, json value: JSONValue?) {
    guard let value else { return }
    append(",\"")
    append(name)
    append("\":")
    append(json: value)
  }

  fileprivate mutating func append(trace: TraceContext) {
    if let traceparent = trace.traceparent { append(member: "traceparent", string: traceparent) }
    if let baggage = trace.baggage { append(member: "baggage", string: baggage) }
  }

  fileprivate mutating func append(error: ErrorBody?) {
    guard let error else { return }
    append(",\"error\":{\"code\":")
    append(engineString: error.code)
    append(member: "message", string: error.message)
    if let stacktrace = error.stacktrace { append(member: "stacktrace", string: stacktrace) }
    append("}")
  }
}
