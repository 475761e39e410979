extension EngineState {
  /// `dev::control`: carries out a test hook, after the answer to this call.
  mutating func control(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let command = try ControlCommand(try call.members())
    guard let caller = call.caller else { throw DecodingFailure("only a worker may call it") }
    if let worker = command.worker, connection(of: worker) == nil {
      throw ErrorBody(code: "NOT_FOUND", message: "Worker '\(worker)' not found")
    }
    effects.append(.control(command, by: caller))
    return .result(["success": true])
  }

  /// The connection of the worker with that id or announced name.
  package func connection(of worker: String) -> Int? {
    connections[worker] ?? workers.values.first { $0.announcement?.name == worker }?.connection
  }

  /// The connections of all workers.
  package var allConnections: [Int] { workers.keys.sorted() }
}

extension ControlCommand {
  fileprivate init(_ input: JSONObject) throws(DecodingFailure) {
    let worker = try input.optionalString("worker")
    switch try input.requiredString("do") {
    case "drop_all": self = .dropAll
    case "drop": self = .drop(worker: worker)
    case "refuse":
      self = .refuse(
        connections: try input.optionalNatural("connections"), milliseconds: try input.optionalNatural("ms"),
        closesListener: try input.optionalBoolean("listener") ?? false)
    case "stall": self = .stall(worker: worker)
    case "delay_replies": self = .delayReplies(milliseconds: try input.optionalNatural("ms") ?? 0)
    case "send_raw": self = .sendRaw(worker: worker, text: try input.requiredString("text"))
    case "close": self = .close(worker: worker, code: try input.optionalNatural("code"))
    case let unknown: throw DecodingFailure("unknown hook `\(unknown)`")
    }
  }

  /// The worker that it is about, when it names one.
  fileprivate var worker: String? {
    switch self {
    case .drop(let worker), .stall(let worker), .sendRaw(let worker, _), .close(let worker, _): worker
    case .dropAll, .refuse, .delayReplies: nil
    }
  }
}
