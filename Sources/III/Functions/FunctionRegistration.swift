/// What is known of a registered function.
public enum FunctionRegistration: Sendable, Hashable {
  /// The engine lists it as ours.
  case active
  /// The engine refused it: somebody else has the id (`FUNCTION_NAMESPACE_CONFLICT`), or, without a word, access rules
  /// forbid it (`NOT_FOUND`). It is offered again on every later connection.
  ///
  /// `owner` is the worker that has the id, when the engine named one.
  case rejected(code: String, owner: String?)
  /// Nothing was refused aloud, and access rules forbid to ask.
  case unconfirmed
  /// There is no connection, or the engine has not said within 5 s. It is registered as soon as there is one.
  case pending
  /// It was taken back, or its worker was shut down.
  case unregistered

  init(_ state: RegistrationState) {
    switch state {
    case .pending: self = .pending
    case .active: self = .active
    case .rejected(let code, let owner): self = .rejected(code: code, owner: owner)
    case .unconfirmed: self = .unconfirmed
    }
  }
}
