import Transport

/// The forms for programs, or parts of programs, that run in no task. They block the calling thread.
///
/// In top-level code of a `main.swift` Swift looks for these first, and then refuses them where something is awaited: there,
/// call the asynchronous ones from a function.
extension Worker {
  /// Carries out a call, and blocks the calling thread meanwhile.
  ///
  /// - Returns: As the asynchronous form.
  /// - Throws: ``InvocationError``; on an event loop's thread, which must not wait, with the code
  ///   ``InvocationError/wouldBlock``.
  @available(*, noasync, message: "use the asynchronous form: this one blocks the thread")
  public nonisolated func trigger<Output>(_ request: TriggerRequest<Output>) throws -> Output {
    guard EventLoop.current == nil else {
      throw InvocationError(
        code: InvocationError.wouldBlock,
        message: "an event loop's thread must not wait: call the asynchronous form of trigger from a task",
        functionID: request.functionID)
    }
    let call = try CallRequest(request, timeout: invocationTimeout)
    let answer: BlockingResult<Result<JSON, any Error>>
    do {
      answer = try BlockingResult()
    } catch {
      throw InvocationError(code: InvocationError.unknown, message: "\(error)", functionID: request.functionID)
    }
    let number = reserveNumber()
    onLoop { $0.call(number, call, .thread(answer)) }
    guard let result = answer.wait() else {
      onLoop { $0.cancel(number) }
      throw InvocationError(
        code: InvocationError.unknown, message: "the thread cannot wait", functionID: request.functionID)
    }
    return try request.read(result.get(), self)
  }

  /// Calls a function, and blocks the calling thread until its result is there.
  ///
  /// - Parameters:
  ///   - functionID: Which.
  ///   - payload: Its argument.
  ///   - timeout: How long to wait for the answer; nil or zero: ``InitOptions/invocationTimeout``.
  ///   - metadata: Goes to the function beside the argument.
  ///   - namespace: Where the function is; else the worker's own namespace, for `engine::` the default one.
  /// - Returns: The function's result.
  /// - Throws: ``InvocationError``
  @available(*, noasync, message: "use the asynchronous form: this one blocks the thread")
  @discardableResult
  public nonisolated func trigger(
    _ functionID: String, payload: JSON = .null, timeout: Duration? = nil, metadata: JSON? = nil,
    namespace: String? = nil
  ) throws -> JSON {
    try trigger(
      TriggerRequest(functionID, payload: payload, timeout: timeout, metadata: metadata, namespace: namespace))
  }

  /// Calls a function with an argument that is encoded, and blocks the calling thread until its result can be decoded.
  ///
  /// - Parameters:
  ///   - functionID: Which.
  ///   - payload: Its argument.
  ///   - type: What the result is.
  ///   - timeout: How long to wait for the answer; nil or zero: ``InitOptions/invocationTimeout``.
  ///   - metadata: Goes to the function beside the argument.
  ///   - namespace: Where the function is; else the worker's own namespace, for `engine::` the default one.
  /// - Returns: The function's result.
  /// - Throws: ``InvocationError``; an `EncodingError` or a `DecodingError` when a value does not fit.
  @available(*, noasync, message: "use the asynchronous form: this one blocks the thread")
  public nonisolated func trigger<Output: Decodable & Sendable>(
    _ functionID: String, payload: some Encodable, returning type: Output.Type, timeout: Duration? = nil,
    metadata: JSON? = nil, namespace: String? = nil
  ) throws -> Output {
    try trigger(
      TriggerRequest(
        functionID, payload: payload, returning: type, timeout: timeout, metadata: metadata, namespace: namespace))
  }

  /// Puts a call of a function into a queue of the engine, and blocks the calling thread until the receipt is there.
  ///
  /// - Parameters:
  ///   - functionID: Which.
  ///   - payload: Its argument.
  ///   - action: Which queue, as `.enqueue(queue: "jobs")`.
  ///   - timeout: How long to wait for the receipt; nil or zero: ``InitOptions/invocationTimeout``.
  ///   - metadata: Goes to the function beside the argument.
  ///   - namespace: Where the function is; else the worker's own namespace.
  /// - Returns: The receipt.
  /// - Throws: ``InvocationError``
  @available(*, noasync, message: "use the asynchronous form: this one blocks the thread")
  @discardableResult
  public nonisolated func trigger(
    _ functionID: String, payload: JSON = .null, action: TriggerActionEnqueue, timeout: Duration? = nil,
    metadata: JSON? = nil, namespace: String? = nil
  ) throws -> EnqueueResult {
    try trigger(
      TriggerRequest(
        functionID, payload: payload, action: action, timeout: timeout, metadata: metadata, namespace: namespace))
  }

  /// Calls a function that nobody answers; blocks the calling thread until the call is on its way, or kept for the next
  /// connection.
  ///
  /// - Parameters:
  ///   - functionID: Which.
  ///   - payload: Its argument.
  ///   - action: `.void`.
  ///   - metadata: Goes to the function beside the argument.
  ///   - namespace: Where the function is; else the worker's own namespace.
  /// - Throws: ``InvocationError`` when it was not taken.
  @available(*, noasync, message: "use the asynchronous form: this one blocks the thread")
  public nonisolated func trigger(
    _ functionID: String, payload: JSON = .null, action: TriggerActionVoid, metadata: JSON? = nil,
    namespace: String? = nil
  ) throws {
    try trigger(
      TriggerRequest(functionID, payload: payload, action: action, metadata: metadata, namespace: namespace))
  }
}
