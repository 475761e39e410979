/// One frame that an engine sent, as ranges of its text (engine protocol, section 2).
///
/// What a newer engine adds is tolerated: `type` anywhere, further members, types nobody knows.
package enum EngineMessage: Equatable, Sendable {
  /// The greeting: the id and token of this connection, for a reattach (2.1).
  case workerRegistered(workerID: String, reattachToken: String?, features: [String])
  /// One of our functions is asked for (2.10).
  case invocation(UUIDBits, InvocationMembers)
  /// A call has ended: with a result, an error, or an answer that cannot be used (2.11).
  case result(UUIDBits, CallOutcome)
  /// A trigger of one of our types is to be served (2.7).
  case trigger(TriggerMembers)
  /// A trigger of one of our types is served no more (2.9).
  case triggerRemoved(TriggerMembers)
  /// A trigger of ours is served, or, with a failure, is not (2.8).
  case triggerResult(id: String, failure: TriggerFailure?)
  /// A function, or the worker, was refused (2.13).
  case registrationRejected(RegistrationRejection)
  /// Authentication failed; the engine closes (2.15).
  case error(code: String, message: String)
  /// To be answered with a pong (2.14).
  case ping
  /// Nothing to do (2.14).
  case pong
  /// A type that this end has no use for.
  case unknown(type: String)
  /// No JSON object, no type, or a member that is needed is missing; what is wrong, in words.
  case malformed(String)
}
