/// What a client can be told of unasked.
package enum EventTopic: String, CaseIterable, Sendable {
  /// The connection to the engine has changed.
  case connection
  /// What the engine says of a function, a trigger type or a binding of this daemon's has changed.
  case registration
  /// The functions that the engine knows have changed.
  case functionsAvailable = "functions_available"
  /// A worker came, announced itself, or went.
  case workersAvailable = "workers_available"
  /// The daemon is ending.
  case drain
  /// A call that is kept on disk was delivered, or stopped being tried.
  case outbox
  /// A call or an invocation is over, whosever it is.
  case invocations

  /// Whether only root and the daemon's own user are told.
  package var isAdministrative: Bool { self == .invocations }
}
