/// What an engine tells about a function (engine protocol, section 5.2). Engines before 0.23 tell less.
public struct FunctionInfo: Sendable, Hashable {
  /// Its id.
  public let functionID: String
  /// Where it is; since 0.23.
  public let namespace: String?
  /// The worker that serves it.
  public let workerName: String?
  /// A sentence about it.
  public let description: String?
  /// What it takes; only in the answer for one function.
  public let requestFormat: JSON?
  /// What it returns; only in the answer for one function.
  public let responseFormat: JSON?
  /// What it was registered with.
  public let metadata: JSON?
  /// The triggers that call it; only in the answer for one function.
  public let triggers: [TriggerInfo]?
  /// Everything that the engine told, as it came.
  public let json: JSON

  init?(_ row: DiscoveryRow) {
    guard let id = row.string("function_id") else { return nil }
    functionID = id
    namespace = row.string("namespace")
    workerName = row.string("worker_name")
    description = row.string("description")
    // What is registered as a format comes back as a schema.
    requestFormat = row.value("request_schema") ?? row.value("request_format")
    responseFormat = row.value("response_schema") ?? row.value("response_format")
    metadata = row.value("metadata")
    triggers = row.rows("registered_triggers")?.compactMap { TriggerInfo($0, functionID: id) }
    json = row.json
  }
}
