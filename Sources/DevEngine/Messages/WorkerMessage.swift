/// A frame from a worker to the engine (engine protocol, section 2).
package enum WorkerMessage: Equatable, Sendable {
  /// The first frame of a worker that was connected before.
  case reattach(previousWorkerID: String, token: String?)
  /// One of the frames that wait for the worker's announce.
  case registration(RegistrationMessage)
  /// A call.
  case invoke(IncomingInvocation)
  /// The outcome of an invocation that was handed to the worker.
  case result(id: InvocationID, result: JSONValue?, error: ErrorBody?)
  /// A trigger provider's word about a binding.
  case triggerRegistrationResult(TriggerRegistrationResult)
  case ping
  case pong
}

/// A frame that is held back until its connection's namespace is known (engine protocol, section 4.1).
package enum RegistrationMessage: Equatable, Sendable {
  case registerFunction(FunctionDefinition)
  case unregisterFunction(id: String)
  /// Tolerated; nothing comes of it.
  case registerService(id: String)
  case registerTriggerType(TriggerTypeDefinition)
  case registerTrigger(TriggerRequest)
  case unregisterTrigger(id: String)
}

/// What a worker says about a function that it registers.
package struct FunctionDefinition: Equatable, Sendable {
  package var id: String
  package var description: String?
  package var requestFormat: JSONValue?
  package var responseFormat: JSONValue?
  package var metadata: JSONValue?
  /// How to call it over HTTP; such functions are not provided here.
  package var invocation: JSONValue?
}

/// A call as a worker makes it.
package struct IncomingInvocation: Equatable, Sendable {
  /// Where the answer goes.
  package enum Action: Equatable, Sendable {
    case synchronous
    case void
    case enqueue(queue: String)
  }

  package var id: InvocationID?
  package var functionID: String
  package var data: JSONValue
  package var action = Action.synchronous
  package var trace = TraceContext()
  package var metadata: JSONValue?
  package var namespace: String?
}
