extension WorkerMessage {
  /// The message in a frame's value.
  ///
  /// - Throws: What a real engine drops the frame for: an unknown `type`, a missing member, a member of another kind.
  package init(_ frame: JSONValue) throws(DecodingFailure) {
    guard let frame = frame.object else { throw DecodingFailure("\(frame.kindName), expected an object") }
    switch try frame.requiredString("type") {
    case "reattach":
      self = .reattach(
        previousWorkerID: try frame.requiredString("previous_worker_id"),
        token: try frame.optionalString("reattach_token"))
    case "registerfunction": self = .registration(.registerFunction(try FunctionDefinition(frame)))
    case "unregisterfunction": self = .registration(.unregisterFunction(id: try frame.requiredString("id")))
    case "registerservice": self = .registration(.registerService(id: try frame.requiredString("id")))
    case "registertriggertype": self = .registration(.registerTriggerType(try TriggerTypeDefinition(frame)))
    case "registertrigger": self = .registration(.registerTrigger(try TriggerRequest(frame)))
    case "unregistertrigger":
      _ = try frame.optionalString("trigger_type")
      self = .registration(.unregisterTrigger(id: try frame.requiredString("id")))
    case "triggerregistrationresult":
      self = .triggerRegistrationResult(try TriggerRegistrationResult(frame))
    case "invokefunction": self = .invoke(try IncomingInvocation(frame))
    case "invocationresult":
      _ = try frame.requiredString("function_id")
      _ = try TraceContext(frame)
      self = .result(
        id: try Self.invocationID(try frame.requiredString("invocation_id")),
        result: frame.optionalValue("result"), error: try ErrorBody(frame.optionalObject("error")))
    case "ping": self = .ping
    case "pong": self = .pong
    case let unknown: throw DecodingFailure("unknown type `\(unknown)`")
    }
  }

  fileprivate static func invocationID(_ text: String) throws(DecodingFailure) -> InvocationID {
    guard let id = InvocationID(text) else { throw DecodingFailure("`invocation_id` is no UUID") }
    return id
  }
}

extension ErrorBody {
  fileprivate init?(_ object: JSONObject?) throws(DecodingFailure) {
    guard let object else { return nil }
    self.init(
      code: try object.requiredString("code"), message: try object.requiredString("message"),
      stacktrace: try object.optionalString("stacktrace"))
  }
}

extension TraceContext {
  fileprivate init(_ frame: JSONObject) throws(DecodingFailure) {
    self.init(traceparent: try frame.optionalString("traceparent"), baggage: try frame.optionalString("baggage"))
  }
}

extension FunctionDefinition {
  fileprivate init(_ frame: JSONObject) throws(DecodingFailure) {
    self.init(
      id: try frame.requiredString("id"), description: try frame.optionalString("description"),
      requestFormat: frame.optionalValue("request_format"), responseFormat: frame.optionalValue("response_format"),
      metadata: frame.optionalValue("metadata"),
      invocation: try frame.optionalObject("invocation").map { (object: JSONObject) throws(DecodingFailure) in
        try HTTPInvocation(object)
      })
  }
}

extension IncomingInvocation {
  fileprivate init(_ frame: JSONObject) throws(DecodingFailure) {
    guard let data = frame["data"] else { throw DecodingFailure("missing field `data`") }
    let id = try frame.optionalString("invocation_id")
    self.init(
      id: try id.map { (text: String) throws(DecodingFailure) in try WorkerMessage.invocationID(text) },
      functionID: try frame.requiredString("function_id"), data: data,
      action: try Action(frame.optionalObject("action")), trace: try TraceContext(frame),
      metadata: frame.optionalValue("metadata"), namespace: try frame.optionalString("namespace"))
  }
}

extension IncomingInvocation.Action {
  fileprivate init(_ object: JSONObject?) throws(DecodingFailure) {
    guard let object else {
      self = .synchronous
      return
    }
    switch try object.requiredString("type") {
    case "void": self = .void
    case "enqueue": self = .enqueue(queue: try object.requiredString("queue"))
    case let unknown: throw DecodingFailure("unknown action `\(unknown)`")
    }
  }
}

extension TriggerTypeDefinition {
  fileprivate init(_ frame: JSONObject) throws(DecodingFailure) {
    self.init(
      id: try frame.requiredString("id"), description: try frame.requiredString("description"),
      triggerRequestFormat: frame.optionalValue("trigger_request_format"),
      callRequestFormat: frame.optionalValue("call_request_format"), namespace: try frame.optionalString("namespace"))
  }
}

extension TriggerRequest {
  fileprivate init(_ frame: JSONObject) throws(DecodingFailure) {
    guard let config = frame["config"] else { throw DecodingFailure("missing field `config`") }
    self.init(
      id: try frame.requiredString("id"), triggerType: try frame.requiredString("trigger_type"),
      functionID: try frame.requiredString("function_id"), config: config,
      metadata: frame.optionalValue("metadata"), namespace: try frame.optionalString("namespace"),
      triggerNamespace: try frame.optionalString("trigger_namespace"))
  }
}

extension TriggerRegistrationResult {
  fileprivate init(_ frame: JSONObject) throws(DecodingFailure) {
    self.init(
      id: try frame.requiredString("id"), triggerType: try frame.requiredString("trigger_type"),
      functionID: try frame.requiredString("function_id"), error: try ErrorBody(frame.optionalObject("error")))
  }
}
