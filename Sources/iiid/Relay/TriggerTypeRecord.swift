import III

/// One trigger type that a connection provides, and that ends with it.
struct TriggerTypeRecord {
  let client: ClientID
  var state = RegistrationState.pending
  /// The slot of the request that waits for the engine's word.
  var waiting: Int?
}
