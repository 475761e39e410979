extension LocalError {
  /// Who says that something went wrong.
  package enum Source: String, Sendable {
    /// The engine.
    case engine
    /// This daemon.
    case iiid
    /// The worker that was called.
    case worker

    /// Who gives this code in an answer that came from the engine (engine protocol, section 3.4). The frame does not
    /// say, but the engine's own codes are known, as are its functions; every other code is a worker's.
    package init(engineCode: String, functionID: String? = nil) {
      if let functionID, functionID.utf8.starts(with: "engine::".utf8) {
        self = .engine
        return
      }
      switch engineCode {
      case "FORBIDDEN", "function_not_found", "invocation_stopped", "invocation_error", "channel_send_failed",
        "serialization_error", "deserialization_error", "INVALID_NAMESPACE", "INVALID_ARGUMENTS", "enqueue_error",
        "trigger_registration_failed", "trigger_type_not_found", "FUNCTION_NAMESPACE_CONFLICT",
        "WORKER_NAMESPACE_CONFLICT", "AUTH_ERROR":
        self = .engine
      case "OVERLOADED": self = .iiid
      default: self = .worker
      }
    }
  }
}
