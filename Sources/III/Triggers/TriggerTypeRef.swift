/// A trigger type that this worker provides, with its own types: what its triggers are configured with (`Config`), and
/// what their functions are called with (`Call`).
public struct TriggerTypeRef<Config: Codable & Sendable, Call: Decodable & Sendable>: Sendable {
  /// Its id.
  public let id: String
  private let namespace: String?
  private let worker: Worker

  init(id: String, namespace: String?, worker: Worker) {
    self.id = id
    self.namespace = namespace
    self.worker = worker
  }

  /// Registers a trigger of this type, as ``Worker/registerTrigger(_:)`` does.
  ///
  /// - Parameters:
  ///   - functionID: The function that is called when it fires, in this worker's namespace.
  ///   - config: What the handler is to know.
  ///   - metadata: Goes to the function with every firing.
  /// - Returns: A handle to take it back.
  /// - Throws: As ``Worker/registerTrigger(_:)``; `EncodingError` for a configuration that is no JSON.
  @discardableResult
  public func registerTrigger(_ functionID: String, config: Config, metadata: JSON? = nil) async throws -> Trigger {
    try await worker.registerTrigger(
      RegisterTriggerInput(
        triggerType: id, functionID: functionID, config: JSON(encoding: config), metadata: metadata,
        triggerNamespace: namespace))
  }

  /// Registers a function that is called with what triggers of this type fire, as `registerFunction` of ``Worker`` does.
  ///
  /// - Parameters:
  ///   - functionID: Its id.
  ///   - description: A sentence about it.
  ///   - handler: What it does with the argument, and with the call, which has the trigger's metadata.
  /// - Returns: A handle to take it back.
  /// - Throws: As `registerFunction` of ``Worker``.
  @discardableResult
  public func registerFunction<Output: Encodable & SendableMetatype>(
    _ functionID: String, description: String? = nil,
    handler: @escaping @Sendable (Call, Invocation) async throws -> Output
  ) async throws -> FunctionRef {
    try await worker.registerFunction(functionID, description: description, handler: handler)
  }

  /// Registers a function that is called with what triggers of this type fire; else as the other.
  ///
  /// - Parameters:
  ///   - functionID: Its id.
  ///   - description: A sentence about it.
  ///   - handler: What it does with the argument.
  /// - Returns: A handle to take it back.
  /// - Throws: As the other.
  @discardableResult
  public func registerFunction<Output: Encodable & SendableMetatype>(
    _ functionID: String, description: String? = nil, handler: @escaping @Sendable (Call) async throws -> Output
  ) async throws -> FunctionRef {
    try await worker.registerFunction(functionID, description: description, handler: handler)
  }

  /// Provides the type no more, as ``Worker/unregisterTriggerType(_:)``.
  public func unregister() async { await worker.unregisterTriggerType(id) }
}
