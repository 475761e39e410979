import LocalProtocol

// Where the rows of a list come from, and what of them is shown.
extension Listing {
  /// The method that gives the rows.
  var method: Method {
    switch self {
    case .functions: .listFunctions
    case .workers: .listWorkers
    case .triggers: .listTriggers
    case .triggerTypes: .listTriggerTypes
    }
  }

  /// The member of the result that holds them.
  var member: String {
    switch self {
    case .functions: "functions"
    case .workers: "workers"
    case .triggers: "registered_triggers"
    case .triggerTypes: "triggers"
    }
  }

  /// The members of a row that are shown, what tells it from others first.
  ///
  /// - Parameter local: Whether the rows are the daemon's own rather than the engine's.
  /// - Returns: Their names.
  func columns(local: Bool) -> [String] {
    switch (self, local) {
    case (.functions, false): ["function_id", "namespace", "worker_name", "description"]
    case (.functions, true): ["function_id", "namespace", "state", "instances", "in_flight", "queued", "reason"]
    case (.workers, false): ["id", "name", "namespace", "runtime", "version", "status", "function_count"]
    case (.workers, true): ["connection_id", "name", "uid", "gid", "pid", "in_flight", "requests", "functions"]
    case (.triggers, false): ["id", "trigger_type", "function_id", "worker_name", "config_summary"]
    case (.triggers, true): ["id", "trigger_type", "function_id", "state", "connection_id"]
    case (.triggerTypes, false): ["id", "namespace", "worker_name", "description"]
    case (.triggerTypes, true): ["id", "namespace", "state", "bindings", "connection_id", "reason"]
    }
  }
}
