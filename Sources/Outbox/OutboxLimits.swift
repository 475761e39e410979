/// The bounds within which calls are kept.
package struct OutboxLimits: Equatable, Sendable {
  /// Calls that are kept at a time.
  package var entries = 20_000
  /// Of them, those of one user: nobody may take the whole room.
  package var entriesPerUser = 10_000
  /// Bytes of all calls that are kept, as their messages count them.
  package var bytes = 128 << 20
  /// Of them, those of one user.
  package var bytesPerUser = 64 << 20

  /// Calls that the engine has not acknowledged, at a time.
  package var inFlight = 32
  /// Bytes of those, unless it is a single one; and of those that are read ahead.
  package var inFlightBytes = 4 << 20
  /// How often a call is tried that the engine refuses for now.
  package var attempts = 10
  /// How often the connection may end while it has a call, before that call is taken for the reason.
  package var losses = 5
  /// Calls that are written in one transaction.
  package var insertionsPerJob = 512

  /// The usual ones.
  package init() {}
}
