/// Who a ``Worker`` is, and how it connects. What is nil comes from the environment.
public struct WorkerOptions: Sendable {
  /// The name, unique in the namespace among live workers; else `III_WORKER_NAME`, else host name and process id.
  public var name: String?
  /// A sentence about the worker.
  public var description: String?
  /// The namespace of the worker and of what it calls; else `III_NAMESPACE`, else none.
  public var namespace: String?
  /// Sent as `Authorization: Bearer`; else `III_TOKEN`. Not used when ``headers`` has an Authorization of its own.
  public var token: String?
  /// Further headers of the request for the connection.
  public var headers: [String: String] = [:]
  /// A file of certificates (PEM) to trust instead of the system's, for `wss`.
  public var certificateFile: String?
  /// How long `connect` waits for the first connection.
  public var connectTimeout: Duration = .seconds(30)
  /// How long a call waits for its answer, unless it says otherwise.
  public var invocationTimeout: Duration = .seconds(30)

  /// What the environment says.
  public init() {}
}
