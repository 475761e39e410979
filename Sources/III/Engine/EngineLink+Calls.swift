package import Transport

extension EngineLink {
  /// Calls a function.
  ///
  /// - Parameters:
  ///   - text: Where the members stand; copied before the call returns.
  ///   - members: Its ranges. All of them were checked for what an engine does not take (`JSONEnvelope.violation`).
  ///   - action: How the call is carried out; with `.enqueue`, `members.queue` is needed.
  ///   - deadline: When the link stops waiting for the answer; not used for `.void`.
  ///   - context: Comes back with the outcome.
  /// - Returns: What became of it. `.void` is kept for the next connection while there is none.
  package func call(
    _ text: Span<UInt8>, _ members: InvocationMembers, action: CallAction, deadline: MonotonicTime, context: Int
  ) -> Submission {
    .refused(.shuttingDown)
  }

  /// Forgets a call: its answer finds nothing, and the owner hears nothing. Without effect for one that is over.
  package func cancel(_ call: CallID) {
  }
}
