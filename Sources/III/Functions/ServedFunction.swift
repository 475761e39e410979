import Transport

/// A function of a ``Worker``, as long as it is registered. Owned by a ``WorkerCore``.
struct ServedFunction {
  /// Somebody who waits for what the engine says of the registration.
  struct Waiter {
    var continuation: CheckedContinuation<FunctionRegistration, Never>
    /// Ends the wait.
    var timer: Timer
  }

  /// Tells it from a function of the same id before or after it.
  let number: Int
  /// The id, a JSON string in quotes.
  let token: [UInt8]
  /// What it does; nil for one that the engine carries out itself.
  let handler: Worker.Handler?
  /// Who waits, by number.
  var waiters: [Int: Waiter] = [:]
  /// Whether people were told that the engine refused it.
  var isRefusalLogged = false
}
