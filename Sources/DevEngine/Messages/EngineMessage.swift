/// A frame from the engine to a worker (engine protocol, section 2).
package enum EngineMessage: Equatable, Sendable {
  /// The first frame on every connection.
  case workerRegistered(workerID: String, reattachToken: String?)
  /// Instead of the greeting: the connection may not stay, and ends.
  case authenticationFailed(ErrorBody)
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
