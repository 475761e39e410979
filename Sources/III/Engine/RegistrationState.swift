/// What is known about one registered function, on the present connection.
package enum RegistrationState: Equatable, Sendable {
  /// Not connected, or the engine has not said yet.
  case pending
  /// The engine lists the function as ours.
  case active
  /// The engine refused it. `owner` is the worker that has the id, when the engine named one.
  ///
  /// The code is the engine's (`FUNCTION_NAMESPACE_CONFLICT`), or, for a refusal without a word, `NOT_FOUND`: the
  /// function is not there behind the barrier (engine protocol, sections 0 and 4.6).
  case rejected(code: String, owner: String?)
  /// Not refused aloud, and access rules forbid to ask.
  case unconfirmed
}
