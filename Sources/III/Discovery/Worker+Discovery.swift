/// What there is at the engine. Under access rules an engine may forbid these: ``InvocationError/forbidden``.
extension Worker {
  /// The functions, by id; without the engine's own and those that were registered as internal, unless asked for.
  ///
  /// - Parameters:
  ///   - search: Only those in which this text occurs.
  ///   - prefix: Only those whose id begins so.
  ///   - worker: Only those of the worker of this name.
  ///   - includesInternal: Also the engine's own and internal ones.
  /// - Returns: Their rows.
  /// - Throws: ``InvocationError``
  public nonisolated func listFunctions(
    search: String? = nil, prefix: String? = nil, worker: String? = nil, includesInternal: Bool = false
  ) async throws -> [FunctionInfo] {
    let query = DiscoveryQuery(
      ("search", search), ("prefix", prefix), ("worker", worker), includesInternal: includesInternal)
    return try await rows("functions", of: "engine::functions::list", query).compactMap { FunctionInfo($0) }
  }

  /// A function, with its formats and triggers.
  ///
  /// - Parameters:
  ///   - functionID: Which.
  ///   - namespace: Where it is; else in the default one.
  /// - Returns: Its row.
  /// - Throws: ``InvocationError``; with the code `NOT_FOUND` when there is none.
  public nonisolated func functionInfo(_ functionID: String, namespace: String? = nil) async throws -> FunctionInfo {
    let query = DiscoveryQuery(("function_id", functionID), ("namespace", namespace))
    return try await info(of: "engine::functions::info", query) { FunctionInfo($0) }
  }

  /// The trigger types, by id.
  ///
  /// - Parameters:
  ///   - search: Only those in which this text occurs.
  ///   - prefix: Only those whose id begins so.
  ///   - worker: Only those of the worker of this name.
  ///   - includesInternal: Also the engine's own.
  /// - Returns: Their rows.
  /// - Throws: ``InvocationError``
  public nonisolated func listTriggerTypes(
    search: String? = nil, prefix: String? = nil, worker: String? = nil, includesInternal: Bool = false
  ) async throws -> [TriggerTypeInfo] {
    let query = DiscoveryQuery(
      ("search", search), ("prefix", prefix), ("worker", worker), includesInternal: includesInternal)
    return try await rows("triggers", of: "engine::triggers::list", query).compactMap { TriggerTypeInfo($0) }
  }

  /// A trigger type, with its formats.
  ///
  /// - Parameters:
  ///   - id: Which.
  ///   - namespace: Where it is provided; else in the default one.
  /// - Returns: Its row.
  /// - Throws: ``InvocationError``; with the code `NOT_FOUND` when there is none.
  public nonisolated func triggerTypeInfo(_ id: String, namespace: String? = nil) async throws -> TriggerTypeInfo {
    let query = DiscoveryQuery(("id", id), ("namespace", namespace))
    return try await info(of: "engine::triggers::info", query) { TriggerTypeInfo($0) }
  }

  /// The triggers: functions that are bound to trigger types.
  ///
  /// - Parameters:
  ///   - search: Only those in which this text occurs.
  ///   - triggerType: Only those of this type.
  ///   - functionID: Only those of this function.
  ///   - worker: Only those of the worker of this name.
  ///   - includesInternal: Also the engine's own.
  /// - Returns: Their rows.
  /// - Throws: ``InvocationError``
  public nonisolated func listTriggers(
    search: String? = nil, triggerType: String? = nil, functionID: String? = nil, worker: String? = nil,
    includesInternal: Bool = false
  ) async throws -> [TriggerInfo] {
    let query = DiscoveryQuery(
      ("search", search), ("trigger_type", triggerType), ("function_id", functionID), ("worker", worker),
      includesInternal: includesInternal)
    return try await rows("registered_triggers", of: "engine::registered-triggers::list", query)
      .compactMap { TriggerInfo($0) }
  }

  /// A trigger, with its metadata.
  ///
  /// - Parameter id: Which.
  /// - Returns: Its row.
  /// - Throws: ``InvocationError``; with the code `NOT_FOUND` when there is none.
  public nonisolated func triggerInfo(_ id: String) async throws -> TriggerInfo {
    try await info(of: "engine::registered-triggers::info", DiscoveryQuery(("id", id))) { TriggerInfo($0) }
  }

  /// The workers, by name. Those that have announced no process id are left out by the engine.
  ///
  /// - Parameters:
  ///   - search: Only those in which this text occurs.
  ///   - runtime: Only those of this language, as `swift`.
  ///   - status: Only those in this state, as `connected`.
  /// - Returns: Their rows.
  /// - Throws: ``InvocationError``
  public nonisolated func listWorkers(
    search: String? = nil, runtime: String? = nil, status: String? = nil
  ) async throws -> [WorkerInfo] {
    let query = DiscoveryQuery(("search", search), ("runtime", runtime), ("status", status))
    return try await rows("workers", of: "engine::workers::list", query).compactMap { WorkerInfo($0) }
  }

  /// A worker, with its functions, trigger types and triggers.
  ///
  /// - Parameters:
  ///   - name: Which.
  ///   - namespace: Where it is; else in the default one.
  /// - Returns: Its row.
  /// - Throws: ``InvocationError``; with the code `NOT_FOUND` when there is none.
  public nonisolated func workerInfo(_ name: String, namespace: String? = nil) async throws -> WorkerInfo {
    try await info(of: "engine::workers::info", DiscoveryQuery(("name", name), ("namespace", namespace))) { row in
      row.row("worker").flatMap { WorkerInfo($0, detail: row) }
    }
  }

  private nonisolated func rows(
    _ list: String, of functionID: String, _ query: DiscoveryQuery
  ) async throws -> [DiscoveryRow] {
    let answer = try await trigger(functionID, payload: query.json)
    guard let rows = DiscoveryRow(answer)?.rows(list) else {
      throw InvocationError(
        code: InvocationError.unknown, message: "the engine's answer has no list '\(list)'", functionID: functionID)
    }
    return rows
  }

  private nonisolated func info<Info>(
    of functionID: String, _ query: DiscoveryQuery, _ read: (DiscoveryRow) -> Info?
  ) async throws -> Info {
    let answer = try await trigger(functionID, payload: query.json)
    guard let info = DiscoveryRow(answer).flatMap(read) else {
      throw InvocationError(
        code: InvocationError.unknown, message: "the engine's answer cannot be read", functionID: functionID)
    }
    return info
  }
}
