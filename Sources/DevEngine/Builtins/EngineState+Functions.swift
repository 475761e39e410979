extension EngineState {
  /// The most functions that one call may ask about.
  private static let longestBatch = 32

  /// `engine::functions::list` (engine protocol, section 5.2).
  func listFunctions(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let input = try call.members()
    let search = try input.optionalString("search")?.lowercased()
    let prefix = try input.optionalString("prefix")
    let worker = try input.optionalString("worker")
    let workers = try input.optionalStrings("workers")
    let includesInternal = try input.optionalBoolean("include_internal") ?? false
    let rows = allSummaries.filter { key, row in
      guard isVisible(key, to: call.caller) else { return false }
      let id = row["function_id"]?.string ?? ""
      let owner = row["worker_name"]?.string ?? ""
      if let prefix, !id.utf8.starts(with: prefix.utf8) { return false }
      if let worker, owner != worker { return false }
      if let workers, !workers.contains(owner) { return false }
      if let search, !id.lowercased().contains(search),
        row["description"]?.string?.lowercased().contains(search) != true
      {
        return false
      }
      return includesInternal || !isInternal(id, row["metadata"])
    }
    return .result(["functions": .array(rows.map { .object($0.row) })])
  }

  /// `engine::functions::info`, for one function or for a batch (engine protocol, section 5.2).
  func describeFunctions(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let input = try call.members()
    guard compatibility.hasFunctionBatches else {
      return .result(.object(try known(FunctionKey(id: try input.requiredString("function_id")), to: call.caller)))
    }
    let namespace = try input.optionalString("namespace")
    switch (try input.optionalString("function_id"), try input.optionalStrings("function_ids")) {
    case (let id?, nil):
      return .result(.object(try known(FunctionKey(namespace: namespace, id: id), to: call.caller)))
    case (nil, let ids?):
      guard ids.count <= Self.longestBatch else {
        throw ErrorBody(
          code: "INVALID_ARGUMENTS",
          message: "function_ids has \(ids.count) entries; at most \(Self.longestBatch) are allowed")
      }
      let details = ids.map { id in
        let key = FunctionKey(namespace: namespace, id: id)
        guard isVisible(key, to: call.caller) else {
          return ["function_id": .string(id), "error": "forbidden"] as JSONObject
        }
        return detail(key) ?? ["function_id": .string(id), "error": "not_found"]
      }
      return .result(["functions": .array(details.map(JSONValue.object))])
    default:
      throw ErrorBody(code: "INVALID_ARGUMENTS", message: "Exactly one of function_id and function_ids is needed")
    }
  }

  /// Functions of the engine and those that say so of themselves are left out of lists; a queue's are not.
  private func isInternal(_ id: String, _ metadata: JSONValue?) -> Bool {
    if id.utf8.starts(with: "engine::".utf8) {
      return !(compatibility.hasQueueWorkers && id.utf8.starts(with: "engine::queue::".utf8))
    }
    return metadata?.object?["internal"] == true
  }

  // MARK: - Rows

  /// The functions of workers in the order of lists.
  var sortedFunctions: [(key: FunctionKey, value: FunctionRecord)] { functions.sorted { $0.key.precedes($1.key) } }

  /// The engine's own functions that no worker has replaced, in the order of lists.
  var ownFunctions: [(id: String, builtin: Builtin)] {
    Builtin.table.filter { builtin(FunctionKey(id: $0.key)) != nil && functions[FunctionKey(id: $0.key)] == nil }
      .sorted { $0.key.precedes($1.key) }.map { ($0.key, $0.value) }
  }

  private var allSummaries: [(key: FunctionKey, row: JSONObject)] {
    let rows =
      sortedFunctions.map { ($0.key, summary($0.key, $0.value)) }
      + ownFunctions.map { (FunctionKey(id: $0.id), summary($0.id, $0.builtin)) }
    return rows.sorted { $0.0.precedes($1.0) }.map { ($0.0, $0.1.object ?? [:]) }
  }

  /// The row of a worker's function.
  func summary(_ key: FunctionKey, _ record: FunctionRecord) -> JSONValue {
    var row: JSONObject = [
      "function_id": .string(key.id), "worker_name": .string(workers[record.owner]?.displayName ?? ""),
    ]
    row["namespace"] = shown(namespace: key.namespace)
    row["description"] = record.definition.description.map(JSONValue.string)
    if compatibility.hasFunctionBatches { row["metadata"] = record.definition.metadata }
    return .object(row)
  }

  /// The row of a function of the engine's own.
  func summary(_ id: String, _ builtin: Builtin) -> JSONValue {
    var row: JSONObject = [
      "function_id": .string(id), "worker_name": .string(builtin.worker), "description": .string(builtin.description),
    ]
    row["namespace"] = shown(namespace: FunctionKey.defaultNamespace)
    return .object(row)
  }

  /// A row's member for a namespace; nil where the version has none.
  func shown(namespace: String) -> JSONValue? { compatibility.hasNamespaces ? .string(namespace) : nil }

  private func known(_ key: FunctionKey, to caller: Int?) throws(ErrorBody) -> JSONObject {
    guard isVisible(key, to: caller) else {
      let session = caller.flatMap { workers[$0]?.session }
      throw .notAllowed(key.id, session.flatMap { denial(of: key, in: $0) } ?? .notExposed)
    }
    guard let detail = detail(key) else {
      throw ErrorBody(code: "NOT_FOUND", message: "Function '\(key.id)' not found")
    }
    return detail
  }

  private func detail(_ key: FunctionKey) -> JSONObject? {
    if let record = functions[key], var row = summary(key, record).object {
      row["request_schema"] = record.definition.requestFormat
      row["response_schema"] = record.definition.responseFormat
      row["registered_triggers"] = .array(
        bindingRows { $0.binding.functionID == key.id && $0.binding.namespace == key.namespace }.map { row in
          let members = row.object
          return [
            "id": members?["id"] ?? .null, "trigger_type": members?["trigger_type"] ?? .null,
            "config": members?["config"] ?? .null,
          ]
        })
      return row
    }
    guard let builtin = builtin(key), var row = summary(key.id, builtin).object else { return nil }
    row["registered_triggers"] = []
    return row
  }
}
