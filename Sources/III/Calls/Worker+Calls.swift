extension Worker {
  /// Calls a function.
  ///
  /// - Parameters:
  ///   - functionID: Which.
  ///   - payload: Its argument.
  ///   - action: How.
  ///   - timeout: How long to wait for the answer; else ``InitOptions/invocationTimeout``.
  ///   - metadata: Goes to the function beside the argument.
  ///   - namespace: Where the function is; else the worker's own namespace, for `engine::` the default one.
  /// - Returns: The function's result; for `.enqueue` the receipt; for `.void` null.
  /// - Throws: ``InvocationError``; `CancellationError` when the task is cancelled, which forgets the call.
  @discardableResult
  public func trigger(
    _ functionID: String, payload: JSON = .null, action: TriggerAction = .synchronous, timeout: Duration? = nil,
    metadata: JSON? = nil, namespace: String? = nil
  ) async throws -> JSON {
    let core = try connectedCore()
    try Self.check(functionID: functionID)
    if let namespace, namespace.allSatisfy(\.isWhitespace) {
      throw WorkerCore.invalid("the namespace is blank: give it a name, or leave it out", functionID)
    }
    let request = CallRequest(
      functionID, payload: payload, action: action, timeout: timeout ?? invocationTimeout, metadata: metadata,
      namespace: namespace)
    let number = core.reserveNumber()
    return try await withTaskCancellationHandler {
      try await self.result(number, request)
    } onCancel: {
      Task { await self.cancel(number) }
    }
  }

  private func result(_ number: Int, _ request: CallRequest) async throws -> JSON {
    let core = try connectedCore()
    return try await withCheckedThrowingContinuation { core.call(number, request, $0) }
  }

  private func cancel(_ number: Int) { core?.cancel(number) }

  static func check(functionID: String) throws {
    guard !functionID.allSatisfy(\.isWhitespace) else { throw WorkerCore.invalid("a function id is needed", nil) }
  }
}
