import Transport

/// One entry as ``OutboxState`` has it.
package struct OutboxRecord: Equatable, Sendable {
  /// What an entry waits for.
  package enum Phase: Equatable, Sendable {
    /// To be written: nothing was promised yet.
    case storing
    /// To be sent, when its turn comes.
    case ready
    /// The engine's word.
    case sent(flight: Int)
    /// Its next attempt.
    case resting
    /// Somebody who puts it back, or drops it.
    case failed
  }

  package var entry: OutboxEntry
  package var phase: Phase
  /// What it says, while it is ready and there is room to keep that in memory.
  var message: OutboxMessage?
  /// How often the engine has refused it for now.
  package var attempts = 0
  /// How often the connection has ended while the engine had it.
  var losses = 0
  /// When it is given up.
  var expiry: MonotonicTime?
  /// When it is ready again, in the phase ``Phase/resting``.
  var rest: MonotonicTime?
  /// Its place among the deadlines.
  let token: Int

  init(_ entry: OutboxEntry, phase: Phase, token: Int) {
    self.entry = entry
    self.phase = phase
    self.token = token
  }
}
