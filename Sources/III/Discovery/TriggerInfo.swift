/// What an engine tells about a trigger: a function that is bound to a trigger type (engine protocol, section 5.3).
public struct TriggerInfo: Sendable, Hashable {
  /// Its id.
  public let id: String
  /// The trigger type.
  public let triggerType: String
  /// The function that is called when it fires.
  public let functionID: String
  /// The worker that made it.
  public let workerName: String?
  /// What it was configured with.
  public let config: JSON?
  /// What the function gets beside each firing; only in the answer for one trigger.
  public let metadata: JSON?
  /// Everything that the engine told, as it came.
  public let json: JSON

  /// Nil when a member is missing without which it is none; `functionID` is for a row that stands with its function.
  init?(_ row: DiscoveryRow, functionID: String? = nil) {
    guard let id = row.string("id"), let type = row.string("trigger_type"),
      let function = row.string("function_id") ?? functionID
    else { return nil }
    self.id = id
    triggerType = type
    self.functionID = function
    workerName = row.string("worker_name")
    config = row.value("config")
    metadata = row.value("metadata")
    json = row.json
  }
}
