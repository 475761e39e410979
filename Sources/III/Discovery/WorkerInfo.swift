/// What an engine tells about a worker (engine protocol, section 5.1). Engines before 0.23 tell less.
public struct WorkerInfo: Sendable, Hashable {
  /// The engine's id of its connection.
  public let id: String
  /// Its name.
  public let name: String?
  /// Its namespace; since 0.23.
  public let namespace: String?
  /// A sentence about it; since 0.19.7.
  public let description: String?
  /// The version that it announced.
  public let version: String?
  /// The language, as `swift`; `engine` for one of the engine's own.
  public let runtime: String?
  /// Its operating system.
  public let operatingSystem: String?
  /// `connected`, or `available` for one of the engine's own.
  public let status: String?
  /// How many functions it serves.
  public let functionCount: Int?
  /// Since when it is connected, in milliseconds since 1970.
  public let connectedAtMilliseconds: Int?
  /// How many calls it is carrying out.
  public let activeInvocations: Int?
  /// What it runs in, as a container's kind.
  public let isolation: String?
  /// Where it connects from.
  public let ipAddress: String?
  /// Its process id; only in the answer for one worker.
  public let pid: Int?
  /// Whether it is one of the engine's own; only in the answer for one worker.
  public let isInternal: Bool?
  /// Memory, processor time and the like, as it reported them last; only in the answer for one worker.
  public let latestMetrics: JSON?
  /// Its functions; only in the answer for one worker.
  public let functions: [FunctionInfo]?
  /// The trigger types that it provides; only in the answer for one worker.
  public let triggerTypes: [TriggerTypeInfo]?
  /// The triggers that it has made; only in the answer for one worker.
  public let triggers: [TriggerInfo]?
  /// Everything that the engine told, as it came.
  public let json: JSON

  /// The worker of a list's row, or of the member `worker` of an answer for one, which has its functions beside it.
  init?(_ row: DiscoveryRow, detail: DiscoveryRow? = nil) {
    guard let id = row.string("id") else { return nil }
    self.id = id
    name = row.string("name")
    namespace = row.string("namespace")
    description = row.string("description")
    version = row.string("version")
    runtime = row.string("runtime")
    operatingSystem = row.string("os")
    status = row.string("status")
    functionCount = row.integer("function_count")
    connectedAtMilliseconds = row.integer("connected_at_ms")
    activeInvocations = row.integer("active_invocations")
    isolation = row.string("isolation")
    ipAddress = row.string("ip_address")
    pid = row.integer("pid")
    isInternal = row.boolean("internal")
    latestMetrics = row.value("latest_metrics")
    functions = detail?.rows("functions")?.compactMap { FunctionInfo($0) }
    triggerTypes = detail?.rows("trigger_types")?.compactMap { TriggerTypeInfo($0) }
    triggers = detail?.rows("registered_triggers")?.compactMap { TriggerInfo($0) }
    json = detail?.json ?? row.json
  }
}
