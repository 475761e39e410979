extension EngineState {
  /// How long the longest summary of a binding's configuration is, in characters.
  private static let longestSummary = 80
  /// How long a provider may take to answer `engine::register_trigger`, in milliseconds.
  private static let patience = 10_000

  /// `engine::triggers::list`: the trigger types (engine protocol, section 5.3).
  func listTriggerTypes(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let input = try call.members()
    let search = try input.optionalString("search")?.lowercased()
    let prefix = try input.optionalString("prefix")
    let worker = try input.optionalString("worker")
    let includesInternal = try input.optionalBoolean("include_internal") ?? false
    let rows = triggerTypeRows.filter { key, row in
      if let prefix, !key.id.utf8.starts(with: prefix.utf8) { return false }
      if let worker, row["worker_name"]?.string != worker { return false }
      if let search, !key.id.lowercased().contains(search) { return false }
      return includesInternal || !key.isReserved
    }
    return .result(["triggers": .array(rows.map { .object($0.row) })])
  }

  /// `engine::triggers::info`
  func describeTriggerType(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let input = try call.members()
    let id = try input.requiredString("id")
    let key = FunctionKey(namespace: try input.optionalString("namespace"), id: id)
    guard var row = triggerTypeRows.first(where: { $0.key == key })?.row else {
      throw ErrorBody(code: "NOT_FOUND", message: "Trigger type '\(id)' not found")
    }
    let record = triggerTypes[key]
    row["configuration_schema"] = record?.definition.triggerRequestFormat
    row["request_schema"] = record?.definition.callRequestFormat
    let provider: BindingRecord.Provider = record == nil ? .engine : .worker(key)
    let count = bindings.values.count { $0.provider == provider && $0.binding.triggerType == id }
    row["instance_count"] = .integer(Int64(count))
    return .result(.object(row))
  }

  /// `engine::registered-triggers::list`: the bindings.
  func listBindings(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let input = try call.members()
    let search = try input.optionalString("search")?.lowercased()
    let type = try input.optionalString("trigger_type")
    let function = try input.optionalString("function_id")
    let worker = try input.optionalString("worker")
    _ = try input.optionalBoolean("include_internal")
    let rows = bindingRows { record in
      let binding = record.binding
      guard isVisible(record.target, to: call.caller) else { return false }
      if let type, binding.triggerType != type { return false }
      if let function, binding.functionID != function { return false }
      if let worker, workerName(of: record) != worker { return false }
      guard let search else { return true }
      return [binding.id, binding.triggerType, binding.functionID].contains { $0.lowercased().contains(search) }
    }
    return .result(["registered_triggers": .array(rows)])
  }

  /// `engine::registered-triggers::info`
  func describeBinding(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let id = try call.members().requiredString("id")
    guard let record = bindings[id] else {
      throw ErrorBody(code: "NOT_FOUND", message: "Trigger '\(id)' not found")
    }
    guard isVisible(record.target, to: call.caller) else {
      throw ErrorBody.forbidden("trigger '\(id)' is not visible to this session")
    }
    var row = row(record)
    row["metadata"] = record.binding.metadata
    let type: FunctionKey? =
      switch record.provider {
      case .worker(let key): key
      case .engine: FunctionKey(id: record.binding.triggerType)
      case .none: nil
      }
    row["trigger"] = triggerTypeRows.first { $0.key == type }.map { .object($0.row) } ?? .null
    row["function"] = functions[record.target].map { summary(record.target, $0) } ?? .null
    return .result(.object(row))
  }

  /// `engine::register_trigger`: makes a binding that belongs to nobody, and waits for the provider's word.
  mutating func registerTrigger(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let input = try call.members()
    let binding = TriggerBinding(
      id: makeID().description, triggerType: try input.requiredString("trigger_type"),
      functionID: try input.requiredString("function_id"), config: input["config"] ?? .null,
      metadata: input.optionalValue("metadata"), namespace: FunctionKey.defaultNamespace,
      triggerNamespace: try input.optionalString("trigger_namespace"))
    if let namespace = binding.triggerNamespace, namespace.allSatisfy(\.isWhitespace) {
      throw ErrorBody.invalidNamespace
    }
    if let session = call.caller.flatMap({ workers[$0]?.session }),
      session.allowedTriggerTypes?.contains(binding.triggerType) == false
    {
      throw ErrorBody.forbidden("Trigger type '\(binding.triggerType)' is not allowed for this session.")
    }
    let home = call.caller.flatMap { workers[$0]?.namespace } ?? FunctionKey.defaultNamespace
    if let refusal = bind(binding, binder: nil, home: home, call.now) { throw refusal }
    guard case .worker = bindings[binding.id]?.provider else { return .result(["id": .string(binding.id)]) }
    awaitedBindings[binding.id] = AwaitedBinding(invocation: call.invocation, deadline: call.now + Self.patience)
    return .unanswered
  }

  /// `engine::unregister_trigger`
  mutating func unregisterTrigger(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let input = try call.members()
    let id = try input.requiredString("id")
    _ = try input.optionalString("trigger_type")
    guard unbind(id) else { throw ErrorBody(code: "unregister_failed", message: "Trigger '\(id)' not found") }
    return .result(["removed": true])
  }

  // MARK: - Rows

  /// All trigger types in the order of lists.
  var triggerTypeRows: [(key: FunctionKey, row: JSONObject)] {
    let provided = triggerTypes.map { key, record -> (key: FunctionKey, row: JSONObject) in
      let worker = workers[record.provider]?.displayName ?? ""
      return (key, typeRow(key, worker, record.definition.description))
    }
    let own = OwnTriggerType.table.filter { ownTriggerType($0.key) != nil }.map {
      id, type -> (key: FunctionKey, row: JSONObject) in
      let key = FunctionKey(id: id)
      return (key, typeRow(key, type.worker, type.description))
    }
    return (provided + own.filter { triggerTypes[$0.key] == nil }).sorted { $0.key.precedes($1.key) }
  }

  private func typeRow(_ key: FunctionKey, _ worker: String, _ description: String) -> JSONObject {
    var row: JSONObject = [
      "id": .string(key.id), "worker_name": .string(worker), "description": .string(description),
    ]
    row["namespace"] = shown(namespace: key.namespace)
    return row
  }

  /// The rows of those bindings, by id, with a summary of the configuration.
  func bindingRows(where isIncluded: (BindingRecord) -> Bool) -> [JSONValue] {
    bindings.values.filter(isIncluded).sorted { $0.binding.id.precedes($1.binding.id) }.map { record in
      var row = row(record)
      let text = record.binding.config.text
      row["config_summary"] = .string(
        text.count > Self.longestSummary ? text.prefix(Self.longestSummary) + "…" : text)
      return .object(row)
    }
  }

  private func row(_ record: BindingRecord) -> JSONObject {
    [
      "id": .string(record.binding.id), "trigger_type": .string(record.binding.triggerType),
      "function_id": .string(record.binding.functionID), "worker_name": .string(workerName(of: record)),
      "config": record.binding.config,
    ]
  }

  /// The worker that made a binding, else the one that owns its function.
  func workerName(of record: BindingRecord) -> String {
    let connection = record.binder ?? functions[record.target]?.owner
    return connection.flatMap { workers[$0]?.displayName } ?? ""
  }
}
