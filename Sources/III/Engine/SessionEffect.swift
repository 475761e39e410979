import Transport

/// What an ``EngineSession`` orders its link to do.
enum SessionEffect: Equatable {
  /// Make a connection.
  case connect
  /// Tell the session at this time that the next attempt is due.
  case retry(at: MonotonicTime)
  /// Tell the session at this time that the grace for the announce is over.
  case grace(until: MonotonicTime)
  /// Send the frame that takes over from the former connection.
  case reattach(workerID: String, token: String)
  /// Send the announce.
  case announce
  /// Send the registration of this function.
  case register(String)
  /// Send that this function is taken back.
  case unregister(String)
  /// Send the registration of this trigger type.
  case registerTriggerType(String)
  /// Send that this trigger type is provided no more.
  case unregisterTriggerType(String, namespace: String?)
  /// Send the registration of this trigger.
  case registerTrigger(String)
  /// Send that this trigger is taken back.
  case unregisterTrigger(String, triggerType: String)
  /// Send the void calls that wait.
  case sendQueued
  /// Call the session's `confirm` once the present turn of the loop is over.
  case confirmAtEndOfTurn
  /// Send the barrier behind these functions.
  case barrier([String])
  /// Ask what the engine knows about these functions.
  case ask([String])
  /// Ask which functions the engine has of this worker, because of these.
  case listOwn([String])
  /// Close the connection in order, behind everything that was sent.
  case close
  /// Drop the connection.
  case abort
  /// End every call in flight.
  case failCalls(CallFailure)
  /// Tell the owner that the state has changed.
  case changed
  /// Tell the owner what is known about a function.
  case registration(String, RegistrationState)
  /// Tell the owner that the triggers of its types have all come again.
  case recoveredTriggers
  /// Tell the owner that the connection is gone.
  case lost(reason: String)
  /// Tell the owner that it is over.
  case stopped
}
