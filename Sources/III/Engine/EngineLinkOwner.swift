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
}
