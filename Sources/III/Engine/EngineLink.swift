package import Transport

/// The connection to an engine that makes itself anew: announce, registrations, calls out, invocations in.
///
/// Owned by the daemon's relay or by a ``Worker``, on whose loop it lives. It owns one ``WebSocketConnection`` at a time.
/// Payloads are carried as ranges of the text they came in and are written once, into the connection's output.
package final class EngineLink {
  /// What became of a call.
  package enum Submission: Equatable, Sendable {
    /// Sent; the owner is told the outcome.
    case sent(CallID)
    /// Void: sent, or kept for the next connection.
    case accepted(buffered: Bool)
    /// Not sent.
    case refused(CallRefusal)
  }

  /// Who is told what happens.
  package weak var owner: (any EngineLinkOwner)?
  /// What it connects to, and as whom.
  package let options: LinkOptions
  let loop: EventLoop

  /// A link that does nothing until ``start()``.
  package init(loop: EventLoop, options: LinkOptions) {
    self.loop = loop
    self.options = options
  }

  /// Begins to connect, and goes on for ever.
  package func start() {
  }

  /// Unregisters the functions in order, sends what is waiting and closes; calls in flight fail. The owner is told by
  /// `engineLinkStopped`, at the latest when `deadline` has passed.
  package func shutdown(deadline: MonotonicTime) {
  }

  /// What the connection is doing.
  package var state: ConnectionState { .disconnected }

  /// A picture of the link.
  package var status: LinkStatus {
    LinkStatus(
      state: state, since: loop.now, attempt: 0, url: "", features: [], pendingOutput: 0, callsInFlight: 0,
      queuedCalls: 0, droppedAnswers: 0, strayResults: 0, ignoredFrames: 0)
  }
}
