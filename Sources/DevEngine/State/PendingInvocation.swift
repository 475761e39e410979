/// An invocation that was handed to a worker and has no outcome yet.
struct PendingInvocation {
  /// What the outcome is for.
  enum Purpose {
    /// The caller's answer, if it wants one.
    case call
    /// The provider's word on an enqueued call, whose caller gets this receipt.
    case enqueue(receipt: String)
    /// The auth function's word on a connection.
    case admission(of: Int)
    /// A hook's word on a registration of the worker on that connection.
    case registration(RegistrationMessage, of: Int)
    /// The delivery of an enqueued call by the queue in memory.
    case delivery(QueuedJob)
    /// The work of one of the engine's own triggers.
    case ownTrigger(OwnTriggerCall)
  }

  /// Counts up, so that the lost ones of a connection are told in the order of the calls.
  let sequence: Int
  /// The executor's connection.
  let executor: Int
  /// Where the outcome goes; nil when nobody waits.
  let reply: ReplyAddress?
  let purpose: Purpose
}
