public import IIIObservability

/// Who a ``Worker`` is, and how it connects. What is nil comes from the environment.
public struct InitOptions: Sendable {
  /// The name, unique in the namespace among live workers; else `III_WORKER_NAME`, else host name and process id.
  public var workerName: String?
  /// A sentence about the worker, of which an engine keeps 280 characters.
  public var workerDescription: String?
  /// The namespace of the worker and of what it calls; else `III_NAMESPACE`, else none.
  public var namespace: String?
  /// When and how often a lost connection is made anew.
  public var reconnection = ReconnectionConfig()
  /// How long a call waits for its answer, unless it says otherwise.
  public var invocationTimeout: Duration = .seconds(30)
  /// How long ``registerWorker(_:options:)`` waits for the first connection; zero: not at all.
  public var connectTimeout: Duration = .seconds(30)
  /// Further headers of the request for the connection.
  public var headers: [String: String] = [:]
  /// Sent as `Authorization: Bearer`; else `III_TOKEN`. Not used when ``headers`` has an Authorization of its own.
  public var token: String?
  /// How the server of a `wss` address is checked.
  public var tls = TLSConfiguration()
  /// Where the handlers of the worker's functions run.
  public var handlers = HandlerPlacement.concurrent
  /// What the worker tells the engine of its calls, its log lines and itself; by default within limits, as the other SDKs.
  public var telemetry = TelemetryOptions()
  /// Where the worker writes what concerns people.
  public var log = WorkerLog.standardError

  /// What the environment says.
  public init() {}
}
