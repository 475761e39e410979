extension Worker {
  /// Registers a function that takes and returns JSON. It comes back by itself on every later connection.
  ///
  /// Returns without waiting for the engine: ``FunctionRef/registration`` tells what it says.
  ///
  /// - Parameters:
  ///   - id: Its id, as `shop::reserve`; any text that is not blank.
  ///   - description: A sentence about it.
  ///   - metadata: Anything; shown with the function.
  ///   - requestFormat: What it takes, for people and tools; not derived from types.
  ///   - responseFormat: What it returns.
  ///   - handler: What it does. Each call is a task of its own; they run at the same time, without a limit
  ///     (``InitOptions/handlers`` says where), and are cancelled when the worker's shutdown runs out of time. What it returns is the caller's result; what it throws is
  ///     the caller's error, and a line in the worker's log.
  /// - Returns: A handle to take it back.
  /// - Throws: ``InvocationError`` with the code ``InvocationError/invalidArgument`` for an id that is blank or in use, too
  ///   many functions, or what an engine would not take; ``InvocationError/payloadTooLarge``;
  ///   ``InvocationError/shutdown``. ``ConnectionError`` when the engine refused the worker for good.
  @discardableResult
  public func registerFunction(
    _ id: String, description: String? = nil, metadata: JSON? = nil, requestFormat: FunctionFormat? = nil,
    responseFormat: FunctionFormat? = nil, handler: @escaping Handler
  ) async throws -> FunctionRef {
    let definition = try FunctionDefinition(
      of: id, description: description, metadata: metadata, requestFormat: requestFormat,
      responseFormat: responseFormat)
    return try register(id, definition, handler)
  }

  /// Registers a function of a program's own types, whose handler also gets the call itself.
  ///
  /// An argument that is no `Input`, and an `Output` that cannot be written, are the caller's error
  /// ``InvocationError/invocationFailed``, with the path to what does not fit.
  ///
  /// - Parameters:
  ///   - id: Its id.
  ///   - description: A sentence about it.
  ///   - metadata: Anything; shown with the function.
  ///   - requestFormat: What it takes, for people and tools; not derived from `Input`.
  ///   - responseFormat: What it returns; not derived from `Output`.
  ///   - handler: What it does with the argument and the call.
  /// - Returns: A handle to take it back.
  /// - Throws: As ``registerFunction(_:description:metadata:requestFormat:responseFormat:handler:)-(_,_,_,_,_,Worker.Handler)``.
  @discardableResult
  public func registerFunction<Input: Decodable & SendableMetatype, Output: Encodable & SendableMetatype>(
    _ id: String, description: String? = nil, metadata: JSON? = nil, requestFormat: FunctionFormat? = nil,
    responseFormat: FunctionFormat? = nil, handler: @escaping @Sendable (Input, Invocation) async throws -> Output
  ) async throws -> FunctionRef {
    try await registerFunction(
      id, description: description, metadata: metadata, requestFormat: requestFormat, responseFormat: responseFormat
    ) { (invocation: Invocation) async throws -> JSON in
      let input: Input
      do { input = try invocation.decode() } catch { throw InvocationError("the argument", of: id, error) }
      let output = try await handler(input, invocation)
      do { return try JSON(encoding: output) } catch { throw InvocationError("the result", of: id, error) }
    }
  }

  /// Registers a function of a program's own types.
  ///
  /// - Parameters:
  ///   - id: Its id.
  ///   - description: A sentence about it.
  ///   - metadata: Anything; shown with the function.
  ///   - requestFormat: What it takes, for people and tools; not derived from `Input`.
  ///   - responseFormat: What it returns; not derived from `Output`.
  ///   - handler: What it does with the argument.
  /// - Returns: A handle to take it back.
  /// - Throws: As ``registerFunction(_:description:metadata:requestFormat:responseFormat:handler:)-(_,_,_,_,_,Worker.Handler)``.
  @discardableResult
  public func registerFunction<Input: Decodable & SendableMetatype, Output: Encodable & SendableMetatype>(
    _ id: String, description: String? = nil, metadata: JSON? = nil, requestFormat: FunctionFormat? = nil,
    responseFormat: FunctionFormat? = nil, handler: @escaping @Sendable (Input) async throws -> Output
  ) async throws -> FunctionRef {
    try await registerFunction(
      id, description: description, metadata: metadata, requestFormat: requestFormat, responseFormat: responseFormat
    ) { (input: Input, _: Invocation) in try await handler(input) }
  }

  /// Registers a function that the engine carries out itself, by an HTTP request.
  ///
  /// - Parameters:
  ///   - id: Its id.
  ///   - invocation: The request.
  ///   - description: A sentence about it.
  ///   - metadata: Anything; shown with the function.
  ///   - requestFormat: What it takes, for people and tools.
  ///   - responseFormat: What it returns.
  /// - Returns: A handle to take it back.
  /// - Throws: As ``registerFunction(_:description:metadata:requestFormat:responseFormat:handler:)-(_,_,_,_,_,Worker.Handler)``,
  ///   also for a URL that is none, a timeout of nothing, and headers that cannot be sent.
  @discardableResult
  public func registerFunction(
    _ id: String, invocation: HTTPInvocationConfig, description: String? = nil, metadata: JSON? = nil,
    requestFormat: FunctionFormat? = nil, responseFormat: FunctionFormat? = nil
  ) async throws -> FunctionRef {
    let definition = try FunctionDefinition(
      of: id, description: description, metadata: metadata, requestFormat: requestFormat,
      responseFormat: responseFormat, invocation: invocation)
    return try register(id, definition, nil)
  }

  private func register(_ id: String, _ definition: FunctionDefinition, _ handler: Handler?) throws -> FunctionRef {
    let number = reserveNumber()
    try connectedCore().register(number, id, definition, handler)
    return FunctionRef(id: id, number: number, worker: self)
  }

  func unregisterFunction(_ id: String, _ number: Int) { core?.unregister(id, number) }

  /// Waits for what the engine says of a function.
  func registration(of id: String, _ number: Int) async -> FunctionRegistration {
    guard let core else { return .unregistered }
    if let known = core.knownRegistration(of: id, number) { return known }
    let waiter = reserveNumber()
    return await withTaskCancellationHandler {
      await self.awaitRegistration(of: id, number, waiter)
    } onCancel: {
      self.onLoop { $0.endWait(for: id, waiter) }
    }
  }

  // What a cancellation handler guards has to be a method of the actor: the closure itself runs elsewhere.
  private func awaitRegistration(of id: String, _ number: Int, _ waiter: Int) async -> FunctionRegistration {
    guard let core else { return .unregistered }
    return await withCheckedContinuation { core.awaitRegistration(of: id, number, waiter, $0) }
  }
}
