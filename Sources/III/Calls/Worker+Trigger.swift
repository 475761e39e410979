extension Worker {
  /// Carries out a call.
  ///
  /// - Returns: The function's result; for an enqueued call the receipt; for a void one nothing.
  /// - Throws: ``InvocationError``; `CancellationError` when the task is cancelled, which forgets the call: the function
  ///   may run all the same.
  public nonisolated func trigger<Output>(_ request: TriggerRequest<Output>) async throws -> Output {
    let call = try CallRequest(request, timeout: invocationTimeout)
    return try await request.read(perform(call), self)
  }

  /// Calls a function and waits for its result.
  ///
  /// - Parameters:
  ///   - functionID: Which.
  ///   - payload: Its argument.
  ///   - timeout: How long to wait for the answer; nil or zero: ``InitOptions/invocationTimeout``.
  ///   - metadata: Goes to the function beside the argument.
  ///   - namespace: Where the function is; else the worker's own namespace, for `engine::` the default one.
  /// - Returns: The function's result.
  /// - Throws: As `trigger(_:)`.
  @discardableResult
  public nonisolated func trigger(
    _ functionID: String, payload: JSON = .null, timeout: Duration? = nil, metadata: JSON? = nil,
    namespace: String? = nil
  ) async throws -> JSON {
    try await trigger(
      TriggerRequest(functionID, payload: payload, timeout: timeout, metadata: metadata, namespace: namespace))
  }

  /// Calls a function with an argument that is encoded, and decodes its result.
  ///
  /// - Parameters:
  ///   - functionID: Which.
  ///   - payload: Its argument.
  ///   - type: What the result is.
  ///   - timeout: How long to wait for the answer; nil or zero: ``InitOptions/invocationTimeout``.
  ///   - metadata: Goes to the function beside the argument.
  ///   - namespace: Where the function is; else the worker's own namespace, for `engine::` the default one.
  /// - Returns: The function's result.
  /// - Throws: As `trigger(_:)`; an `EncodingError` or a `DecodingError` when a value does not fit.
  public nonisolated func trigger<Output: Decodable & Sendable>(
    _ functionID: String, payload: some Encodable, returning type: Output.Type, timeout: Duration? = nil,
    metadata: JSON? = nil, namespace: String? = nil
  ) async throws -> Output {
    try await trigger(
      TriggerRequest(
        functionID, payload: payload, returning: type, timeout: timeout, metadata: metadata, namespace: namespace))
  }

  /// Puts a call of a function into a queue of the engine.
  ///
  /// - Parameters:
  ///   - functionID: Which.
  ///   - payload: Its argument.
  ///   - action: Which queue, as `.enqueue(queue: "jobs")`.
  ///   - timeout: How long to wait for the receipt; nil or zero: ``InitOptions/invocationTimeout``.
  ///   - metadata: Goes to the function beside the argument.
  ///   - namespace: Where the function is; else the worker's own namespace.
  /// - Returns: The receipt.
  /// - Throws: As `trigger(_:)`.
  @discardableResult
  public nonisolated func trigger(
    _ functionID: String, payload: JSON = .null, action: TriggerActionEnqueue, timeout: Duration? = nil,
    metadata: JSON? = nil, namespace: String? = nil
  ) async throws -> EnqueueResult {
    try await trigger(
      TriggerRequest(
        functionID, payload: payload, action: action, timeout: timeout, metadata: metadata, namespace: namespace))
  }

  /// Calls a function that nobody answers, not even when it does not exist. Without a connection it waits for the next.
  ///
  /// - Parameters:
  ///   - functionID: Which.
  ///   - payload: Its argument.
  ///   - action: `.void`.
  ///   - metadata: Goes to the function beside the argument.
  ///   - namespace: Where the function is; else the worker's own namespace.
  /// - Throws: ``InvocationError`` when it was not taken.
  public nonisolated func trigger(
    _ functionID: String, payload: JSON = .null, action: TriggerActionVoid, metadata: JSON? = nil,
    namespace: String? = nil
  ) async throws {
    try await trigger(
      TriggerRequest(functionID, payload: payload, action: action, metadata: metadata, namespace: namespace))
  }

  private nonisolated func perform(_ request: CallRequest) async throws -> JSON {
    let number = reserveNumber()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        onLoop { $0.call(number, request, .task(continuation)) }
        // A task that was cancelled before has been told already, when there was nothing to cancel.
        if Task.isCancelled { onLoop { $0.cancel(number) } }
      }
    } onCancel: {
      onLoop { $0.cancel(number) }
    }
  }

  static func check(functionID: String) throws {
    guard !functionID.allSatisfy(\.isWhitespace) else { throw WorkerCore.invalid("a function id is needed", nil) }
  }
}
