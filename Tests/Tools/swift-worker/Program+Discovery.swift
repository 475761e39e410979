import III

extension Program {
  /// `list` and `info`: what the library makes of an engine's answers; `kind` is functions, trigger_types, triggers or
  /// workers, and `of` an id or a name. `watch`: tells functions, workers or log as events.
  static let discoveryCommands: [String: Action] = [
    "list": { try await $0.list($1) },
    "info": { try await $0.info($1) },
    "watch": { try await $0.watch($1) },
  ]

  private func list(_ command: Command) async throws -> JSON {
    return switch try command.text("kind") {
    case "functions": JSON(try await worker.listFunctions(prefix: command["prefix"]?.string).map(Self.told))
    case "trigger_types": JSON(try await worker.listTriggerTypes().map(Self.told))
    case "triggers": JSON(try await worker.listTriggers(functionID: command["function_id"]?.string).map(Self.told))
    case "workers": JSON(try await worker.listWorkers(runtime: command["runtime"]?.string).map(Self.told))
    case let what: throw Problem(description: "list: nothing is called \(what)")
    }
  }

  private func info(_ command: Command) async throws -> JSON {
    let id = try command.text("of")
    return switch try command.text("kind") {
    case "functions": Self.told(try await worker.functionInfo(id))
    case "trigger_types": Self.told(try await worker.triggerTypeInfo(id))
    case "triggers": Self.told(try await worker.triggerInfo(id))
    case "workers": Self.told(try await worker.workerInfo(id))
    case let what: throw Problem(description: "info: nothing is called \(what)")
    }
  }

  private func watch(_ command: Command) async throws -> JSON {
    switch try command.text("kind") {
    case "functions":
      tell(try await worker.onFunctionsAvailable()) {
        ["event": "functions", "ids": JSON($0.map { JSON($0.functionID) })]
      }
    case "workers":
      tell(try await worker.onWorkersAvailable()) {
        ["event": "workers", "what": JSON($0.event), "worker_id": JSON($0.workerID)]
      }
    case "log":
      tell(try await worker.onLog(level: .warn)) {
        ["event": "log", "body": JSON($0.body), "severity": $0.severityNumber.map { JSON($0) } ?? nil]
      }
    case let what: throw Problem(description: "watch: nothing is called \(what)")
    }
    return true
  }

  private func tell<Element: Sendable>(_ events: AsyncStream<Element>, _ line: @escaping @Sendable (Element) -> JSON) {
    watching.append(Task { for await event in events { Output.tell(line(event)) } })
  }

  private static func told(_ function: FunctionInfo) -> JSON {
    object([
      ("function_id", JSON(function.functionID)), ("namespace", function.namespace.map { JSON($0) }),
      ("worker_name", function.workerName.map { JSON($0) }), ("description", function.description.map { JSON($0) }),
      ("request_format", function.requestFormat), ("response_format", function.responseFormat),
      ("metadata", function.metadata), ("triggers", function.triggers.map { JSON($0.map(told)) }),
    ])
  }

  private static func told(_ type: TriggerTypeInfo) -> JSON {
    object([
      ("id", JSON(type.id)), ("worker_name", type.workerName.map { JSON($0) }),
      ("description", type.description.map { JSON($0) }), ("trigger_request_format", type.triggerRequestFormat),
      ("call_request_format", type.callRequestFormat), ("count", type.triggerCount.map { JSON($0) }),
    ])
  }

  private static func told(_ trigger: TriggerInfo) -> JSON {
    object([
      ("id", JSON(trigger.id)), ("trigger_type", JSON(trigger.triggerType)),
      ("function_id", JSON(trigger.functionID)), ("config", trigger.config), ("metadata", trigger.metadata),
    ])
  }

  private static func told(_ worker: WorkerInfo) -> JSON {
    object([
      ("id", JSON(worker.id)), ("name", worker.name.map { JSON($0) }), ("runtime", worker.runtime.map { JSON($0) }),
      ("version", worker.version.map { JSON($0) }), ("description", worker.description.map { JSON($0) }),
      ("status", worker.status.map { JSON($0) }), ("function_count", worker.functionCount.map { JSON($0) }),
      ("pid", worker.pid.map { JSON($0) }), ("functions", worker.functions.map { JSON($0.map(told)) }),
    ])
  }

  /// Without the members that are not there.
  private static func object(_ members: [(String, JSON?)]) -> JSON {
    JSON(members: members.compactMap { name, value in value.map { (name, $0) } })
  }
}
