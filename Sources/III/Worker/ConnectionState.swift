/// What the connection of a worker to its engine is doing.
public enum ConnectionState: String, Sendable, CaseIterable {
  /// Not started yet, or shut down.
  case disconnected
  /// On the way to the first connection, with as many attempts as it takes.
  case connecting
  /// The engine knows us: the announce was answered and every registration was sent.
  case connected
  /// The connection was lost; attempts follow for ever.
  case reconnecting
  /// The engine refused this worker for good; there are no more attempts.
  case failed
}
