/// What an engine tells about a trigger type (engine protocol, section 5.3).
public struct TriggerTypeInfo: Sendable, Hashable {
  /// Its id.
  public let id: String
  /// Where it is provided; since 0.23.
  public let namespace: String?
  /// The worker that provides it.
  public let workerName: String?
  /// A sentence about it.
  public let description: String?
  /// What its triggers are configured with; only in the answer for one type.
  public let triggerRequestFormat: JSON?
  /// What the functions are called with; only in the answer for one type.
  public let callRequestFormat: JSON?
  /// How many triggers it has; only in the answer for one type.
  public let triggerCount: Int?
  /// Everything that the engine told, as it came.
  public let json: JSON

  init?(_ row: DiscoveryRow) {
    guard let id = row.string("id") else { return nil }
    self.id = id
    namespace = row.string("namespace")
    workerName = row.string("worker_name")
    description = row.string("description")
    triggerRequestFormat = row.value("configuration_schema")
    callRequestFormat = row.value("request_schema")
    triggerCount = row.integer("instance_count")
    json = row.json
  }
}
