import III
import LocalProtocol

// What clients are told of failures on our side of the engine.
extension RelayState {
  /// The engine is away, or has refused us for good.
  func notConnected(functionID: String?) -> LocalError {
    let away =
      linkState == .failed ? "the engine has refused this daemon" : "the engine is away (\(linkState.rawValue))"
    var error = LocalError.notConnected(away + (linkError.map { ": \($0)" } ?? ""))
    if linkState == .failed { error.isRetryable = false }
    return named(error, functionID)
  }

  func error(for refusal: CallRefusal, functionID: String?) -> LocalError {
    let error: LocalError =
      switch refusal {
      case .notConnected, .failed: notConnected(functionID: nil)
      case .tooLarge(let limit, let size): .payloadTooLarge("a message for the engine", limit: limit, size: size)
      case .queueFull: .overloaded("too many calls wait for the engine to come back", retryAfter: 1000)
      case .shuttingDown: .shuttingDown()
      }
    return named(error, functionID)
  }

  func error(for failure: CallFailure, functionID: String?) -> LocalError {
    let error: LocalError =
      switch failure {
      case .timedOut(let milliseconds): .timedOut(milliseconds: milliseconds)
      case .linkLost(let reason): .linkLost("lost the engine while it had the call: \(reason)")
      case .shutdown: .shuttingDown()
      case .rejected(let code, let message): .registrationRefused(code: code, message)
      case .unusable(let reason): .engine(code: "invocation_failed", "the answer cannot be used: \(reason)")
      }
    return named(error, functionID)
  }

  /// The link has not taken a registration; `kind` is of what, in the plural.
  func error(for refusal: RegistrationRefusal, of kind: String) -> LocalError {
    switch refusal {
    case .tooMany(let limit): .overloaded("\(limit) \(kind) are registered at the engine already", retryAfter: 1000)
    case .tooLarge(let limit, let size): .payloadTooLarge("a registration", limit: limit, size: size)
    case .shuttingDown: .shuttingDown()
    }
  }

  private func named(_ error: LocalError, _ functionID: String?) -> LocalError {
    guard let functionID else { return error }
    return error.with("function_id", .string(functionID))
  }
}
