extension EngineState {
  /// `engine::workers::list` (engine protocol, section 5.1). Workers that never said their process id stay hidden.
  func listWorkers(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let input = try call.members()
    let search = try input.optionalString("search")?.lowercased()
    let runtime = try input.optionalString("runtime")
    let status = try input.optionalString("status")
    let rows = (visibleWorkers.map(row) + ownWorkers).filter { row in
      let isFound = search.map { search in
        [row["name"], row["description"], row["id"]].contains { $0?.string?.lowercased().contains(search) == true }
      }
      return isFound ?? true
        && (runtime == nil || row["runtime"]?.string == runtime)
        && (status == nil || row["status"]?.string == status)
    }
    let sorted = rows.sorted { left, right in
      (left["name"]?.string ?? "", left["id"]?.string ?? "") < (right["name"]?.string ?? "", right["id"]?.string ?? "")
    }
    return .result(["workers": .array(sorted.map(JSONValue.object))])
  }

  /// `engine::workers::info` (engine protocol, section 5.1).
  func describeWorker(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let input = try call.members()
    let name = try input.requiredString("name")
    let namespace = try input.optionalString("namespace") ?? FunctionKey.defaultNamespace
    if let worker = visibleWorkers.first(where: { $0.announcement?.name == name && $0.namespace == namespace }) {
      var row = row(worker)
      row["pid"] = worker.announcement?.pid.map { .integer(Int64($0)) }
      row["internal"] = false
      row["latest_metrics"] = WorkerGauges.latest(of: worker.id, in: telemetry.metrics.elements).map(JSONValue.object)
      let summaries = sortedFunctions.filter { key, record in
        record.owner == worker.connection && isVisible(key, to: call.caller)
      }.map { summary($0.key, $0.value) }
      return .result(
        description(
          of: row, functions: summaries,
          triggerTypes: triggerTypeRows.filter { triggerTypes[$0.key]?.provider == worker.connection }.map {
            .object($0.row)
          },
          bindings: bindingRows { $0.binder == worker.connection && isVisible($0.target, to: call.caller) }))
    }
    if var row = ownWorkers.first(where: { $0["name"]?.string == name }), namespace == FunctionKey.defaultNamespace {
      row["internal"] = true
      let summaries = ownFunctions.filter { id, builtin in
        builtin.worker == name && isVisible(FunctionKey(id: id), to: call.caller)
      }.map { summary($0.id, $0.builtin) }
      return .result(description(of: row, functions: summaries, triggerTypes: [], bindings: []))
    }
    throw ErrorBody(code: "NOT_FOUND", message: "Worker '\(name)' not found")
  }

  private var visibleWorkers: [WorkerRecord] { workers.values.filter { $0.announcement?.pid != nil } }

  private func description(
    of row: JSONObject, functions: [JSONValue], triggerTypes: [JSONValue], bindings: [JSONValue]
  ) -> JSONValue {
    [
      "worker": .object(row), "functions": .array(functions), "trigger_types": .array(triggerTypes),
      "registered_triggers": .array(bindings),
    ]
  }

  private func row(_ worker: WorkerRecord) -> JSONObject {
    let functionCount = functions.values.count { $0.owner == worker.connection }
    let active = pending.values.count { $0.executor == worker.connection || $0.reply?.connection == worker.connection }
    var row: JSONObject = [
      "name": JSONValue(worker.announcement?.name), "description": JSONValue(worker.announcement?.description),
      "version": JSONValue(worker.announcement?.version), "id": .string(worker.id),
      "runtime": JSONValue(worker.announcement?.runtime),
      "os": JSONValue(worker.announcement?.os), "status": "connected",
      "function_count": .integer(Int64(functionCount)), "connected_at_ms": .integer(Int64(worker.connectedAt)),
      "active_invocations": .integer(Int64(active)), "isolation": JSONValue(worker.announcement?.isolation),
      "ip_address": .string(worker.address),
    ]
    row["namespace"] = shown(namespace: worker.namespace)
    return row
  }

  /// The rows of the engine's own parts.
  private var ownWorkers: [JSONObject] {
    let names = Set(ownFunctions.map(\.builtin.worker)).sorted()
    return names.map { name in
      let count = ownFunctions.count { $0.builtin.worker == name }
      var row: JSONObject = [
        "name": .string(name), "description": "Part of the development engine", "version": .string(DevEngine.version),
        "id": .string(name), "runtime": "engine", "os": .null, "status": "available",
        "function_count": .integer(Int64(count)), "connected_at_ms": .integer(Int64(startedAt)),
        "active_invocations": 0, "isolation": "in-process", "ip_address": .null,
      ]
      row["namespace"] = shown(namespace: FunctionKey.defaultNamespace)
      return row
    }
  }
}
