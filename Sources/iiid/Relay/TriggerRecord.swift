/// One binding of a function to a trigger type that a connection has made, and that ends with it.
struct TriggerRecord {
  /// What is known of it at the engine.
  enum State: String {
    /// Nothing yet.
    case pending
    /// Somebody provides the type.
    case active
    /// The engine has it, and nobody provides the type yet.
    case deferred
    /// The engine does not let us ask.
    case unconfirmed
  }

  let client: ClientID
  let triggerType: String
  let functionID: String
  var state = State.pending
  /// The slot of the request that waits for the engine's word.
  var waiting: Int?
}
