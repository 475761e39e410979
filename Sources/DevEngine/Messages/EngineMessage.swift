/// A frame from the engine to a worker (engine protocol, section 2).
package enum EngineMessage: Equatable, Sendable {
  /// The first frame on every connection.
  case workerRegistered(workerID: String, reattachToken: String)
  /// A function or the worker's name is somebody else's.
  case registrationRejected(RegistrationRejection)
  /// Execute this.
  case invokeFunction(OutgoingInvocation)
  /// The outcome of a call that the worker made.
  case invocationResult(InvocationOutcome)
  /// To the provider of a trigger type: bind this.
  case registerTrigger(TriggerBinding)
  /// To the provider of a trigger type: a binding is gone.
  case unregisterTrigger(id: String, triggerType: String)
  /// To the maker of a binding: the provider refused it.
  case triggerRegistrationResult(TriggerRegistrationResult)
  /// The answer to a JSON ping.
  case pong
}

/// An invocation on its way to the executor.
package struct OutgoingInvocation: Equatable, Sendable {
  package var id: InvocationID
  package var functionID: String
  package var data: JSONValue
  package var trace = TraceContext()
  package var metadata: JSONValue?
}

/// The outcome of an invocation on its way to the caller. A null result is no result: both are left out.
package struct InvocationOutcome: Equatable, Sendable {
  package var id: InvocationID
  package var functionID: String
  package var result: JSONValue?
  package var error: ErrorBody?
  package var trace = TraceContext()
}

/// Why a registration was refused (engine protocol, section 2.13).
package enum RegistrationRejection: Equatable, Sendable {
  /// `owner` is empty for a reserved id.
  case function(id: String, namespace: String, owner: String)
  case worker(name: String, namespace: String, owner: String)
}
