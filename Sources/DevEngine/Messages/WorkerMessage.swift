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
