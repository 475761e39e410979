import Transport

extension EngineSession {
  /// How the engine answered the announce.
  enum AnnounceAnswer: Equatable {
    /// `{"success":true}`.
    case accepted
    /// An error, or `{"success":false}`.
    case refused(code: String, message: String)
    /// Nothing within the limit.
    case none
  }

  /// The announce was answered, or will not be.
  mutating func announced(_ answer: AnnounceAnswer, _ now: MonotonicTime) {
    guard phase == .announcing else { return }
    switch answer {
    case .accepted:
      isAnnounced = true
      becomeReady(now)
    case .none:
      lastError = "the announce was not answered"
      becomeReady(now)
    case .refused(let code, let message):
      if hasNamespace || code == Self.notSuccessful {
        // Unannounced, the functions would end up in the engine's default namespace: better none than there.
        complaint = "the announce was refused: \(code): \(message)"
        effects.append(.abort)
      } else if let graceEnd {
        lastError = "the announce was refused: \(code): \(message)"
        effects.append(.grace(until: graceEnd))
        enter(.unannounced, state, now)
      }
    }
  }

  /// The code for an announce that was answered without success and without an error.
  static var notSuccessful: String { "NOT_SUCCESSFUL" }

  /// The engine has stopped waiting for an announce, and has applied the registrations.
  mutating func graceEnded(_ now: MonotonicTime) {
    guard phase == .unannounced else { return }
    becomeReady(now)
  }

  mutating func becomeReady(_ now: MonotonicTime) {
    isRecoveringTriggers = wasConnected && !triggerTypes.isEmpty
    wasConnected = true
    attempt = 0
    backoff.reset()
    lastError = isAnnounced ? nil : lastError
    effects.append(.sendQueued)
    enter(.ready, .connected, now)
    unconfirmed = functions.ids.filter { functions[$0]?.state == .pending }
    confirm()
  }
}
