/// What comes of an HTTP request as far as the function has a say: for the server, which knows the connection.
package enum HTTPTriggerOutcome: Equatable, Sendable {
  /// The function has answered; null for none.
  case result(JSONValue)
  /// It failed.
  case failure(ErrorBody)
  /// The binding's condition said no.
  case conditionNotMet
}
