extension TriggerConfig {
  /// Calls the trigger's function, with the trigger's metadata, in its namespace. Nobody answers, not even when the
  /// function is gone; without a connection the call waits for the next.
  ///
  /// - Throws: ``InvocationError`` when the call was not taken.
  public func fire(_ payload: JSON = .null) async throws {
    try await present().trigger(
      functionID, payload: payload, action: .void, metadata: metadata, namespace: targetNamespace)
  }

  /// Calls the trigger's function as ``fire(_:)`` does, with what `payload` encodes itself to.
  ///
  /// - Throws: ``InvocationError`` when the call was not taken, `EncodingError` for a payload that is no JSON.
  public func fire(encoding payload: some Encodable) async throws { try await fire(JSON(encoding: payload)) }

  /// Calls the trigger's function, with the trigger's metadata, in its namespace, and waits for its result.
  ///
  /// - Parameters:
  ///   - payload: The argument.
  ///   - timeout: How long to wait; nil: ``InitOptions/invocationTimeout``.
  /// - Returns: The function's result.
  /// - Throws: ``InvocationError``; `CancellationError` when the task is cancelled.
  public func call(_ payload: JSON = .null, timeout: Duration? = nil) async throws -> JSON {
    try await present().trigger(
      functionID, payload: payload, timeout: timeout, metadata: metadata, namespace: targetNamespace)
  }

  /// A worker's calls inherit its namespace, but the engine leaves out the namespace of a binding when that is the default
  /// one (engine protocol, sections 2.7 and 3.7).
  private var targetNamespace: String? { namespace ?? (hasNamedDefault ? "default" : nil) }

  private func present() throws(InvocationError) -> Worker {
    guard let worker else {
      throw InvocationError(
        code: InvocationError.shutdown, message: "the worker that provides '\(triggerType)' is gone",
        functionID: functionID)
    }
    return worker
  }
}
