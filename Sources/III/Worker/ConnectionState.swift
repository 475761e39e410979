/// What the connection of a worker to its engine is doing.
public enum ConnectionState: String, Sendable, CaseIterable {
  /// Not started yet, or shut down.
  case disconnected
  /// On the way to the first connection, with as many attempts as it takes.
  case connecting
  /// The engine knows us: the announce was answered and every registration was sent.
  case connected
  /// The connection was lost; attempts follow, as ``ReconnectionConfig`` says.
  case reconnecting
  /// The engine refused this worker for good, or all attempts are used up; this does not change any more.
  case failed
}
