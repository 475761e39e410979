/// Who uses an ``EngineLink``: the daemon's relay or a ``Worker``. Not held by it:
/// an owner that ends before its link takes itself out of ``EngineLink/owner``.
///
/// All callbacks come from the loop, never from inside `call` or `cancel`; any method of the link may be called in each.
/// Spans are valid during the callback.
package protocol EngineLinkOwner: AnyObject {
  /// ``EngineLink/state`` has changed.
  func engineLinkChangedState(_ link: EngineLink)

  /// The call that was sent with `context` is over. Comes exactly once for each `.sent`, but not after a `cancel`.
  ///
  /// - Parameters:
  ///   - link: The link.
  ///   - context: What was given to `call`.
  ///   - outcome: The answer, in ranges of `text`.
  ///   - text: The frame that brought it; empty for a failure.
  ///   - hasNewlines: Whether a raw LF or CR stands between tokens of `text`.
  func engineLink(
    _ link: EngineLink, answered context: Int, _ outcome: CallOutcome, _ text: Span<UInt8>, hasNewlines: Bool)

  /// The engine asks for one of our functions; answer with ``EngineLink/answer(_:functionToken:result:)`` or one of
  /// its siblings, also when the caller does not want to know.
  func engineLink(
    _ link: EngineLink, invoked invocation: IncomingInvocation, _ members: InvocationMembers, _ text: Span<UInt8>)

  /// What is known about one function has changed.
  func engineLink(_ link: EngineLink, registrationOf functionID: String, became state: RegistrationState)

  /// The engine wants one of our trigger types to serve a trigger: for the first time, or again after a reconnect or a
  /// change. Answer with ``EngineLink/answer(_:failure:)``.
  func engineLink(
    _ link: EngineLink, asked trigger: IncomingTrigger, _ members: TriggerMembers, _ text: Span<UInt8>)

  /// The engine wants a trigger to be served no more. It tells the id and as a rule the type, nothing else.
  func engineLink(_ link: EngineLink, removedTrigger members: TriggerMembers, _ text: Span<UInt8>)

  /// A trigger of ours is not served for now; the engine keeps it until another provider comes. May come again on each
  /// connection.
  func engineLink(_ link: EngineLink, refusedTrigger id: String, _ failure: TriggerFailure)

  /// The connection was made anew, and every trigger that the engine still holds for our types has been asked for again:
  /// those that were not are no more.
  func engineLinkRecoveredTriggers(_ link: EngineLink)

  /// The connection is gone: answers to the invocations that came on it go nowhere. Calls in flight have been told.
  func engineLinkLostConnection(_ link: EngineLink, reason: String)

  /// An attempt to connect has failed; the next one follows by itself. ``EngineLink/status`` has when.
  func engineLink(_ link: EngineLink, failedToConnect reason: String)

  /// A frame was dropped: of a type that this end has no use for, or, without a type, because it cannot be read.
  func engineLink(_ link: EngineLink, ignoredFrameOf type: String?, _ reason: String?)

  /// The output has run empty, after more than the connection's mark had been waiting.
  func engineLinkDrained(_ link: EngineLink)

  /// ``EngineLink/shutdown(deadline:)`` is done; no callback follows.
  func engineLinkStopped(_ link: EngineLink)
}

extension EngineLinkOwner {
  package func engineLink(_ link: EngineLink, failedToConnect reason: String) {}
  package func engineLink(_ link: EngineLink, ignoredFrameOf type: String?, _ reason: String?) {}

  // For an owner without triggers these are frames that it has no use for.
  package func engineLink(
    _ link: EngineLink, asked trigger: IncomingTrigger, _ members: TriggerMembers, _ text: Span<UInt8>
  ) { link.ignore(type: "registertrigger", nil) }
  package func engineLink(_ link: EngineLink, removedTrigger members: TriggerMembers, _ text: Span<UInt8>) {
    link.ignore(type: "unregistertrigger", nil)
  }
  package func engineLink(_ link: EngineLink, refusedTrigger id: String, _ failure: TriggerFailure) {
    link.ignore(type: "triggerregistrationresult", nil)
  }
  package func engineLinkRecoveredTriggers(_ link: EngineLink) {}
}
