import Transport

/// What test hooks have set, until they set it otherwise.
struct TestHooks {
  /// How late results are sent, in milliseconds.
  var replyDelay = 0
  /// Results that wait, in the order in which they are due.
  var delayed: [(time: Int, connection: Int, message: EngineMessage)] = []
  /// How many connections are still to be refused.
  var refusedConnections = 0
  /// Until when connections are refused, in milliseconds.
  var refusedUntil = 0
  /// Makes the server listen again.
  var timer: Timer?
  /// Sends what is due.
  var delayTimer: Timer?

  /// Whether a connection that is made now is refused; counts it.
  mutating func refuses(at now: Int) -> Bool {
    if now < refusedUntil { return true }
    guard refusedConnections > 0 else { return false }
    refusedConnections -= 1
    return true
  }

  /// Puts a result where it belongs: the delay may have been longer before.
  mutating func delay(_ message: EngineMessage, to connection: Int, now: Int) {
    let time = now + replyDelay
    let index = delayed.firstIndex { $0.time > time } ?? delayed.endIndex
    delayed.insert((time, connection, message), at: index)
  }

  /// The next result that is due.
  mutating func nextDue(at now: Int) -> (connection: Int, message: EngineMessage)? {
    guard let first = delayed.first, first.time <= now else { return nil }
    delayed.removeFirst()
    return (first.connection, first.message)
  }
}
