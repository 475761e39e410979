extension Worker {
  /// Binds a function to a trigger type: the function is called when something of that type happens. The trigger comes
  /// back by itself on every later connection.
  ///
  /// Waits for nothing: a type that nobody provides yet is no error, and whether its provider takes the trigger is told
  /// later, by ``Trigger/refusals``. (An engine before 0.21.8 has no patience: it forgets a trigger whose type is not there.)
  ///
  /// - Returns: A handle to take it back.
  /// - Throws: ``InvocationError`` for what is wrong locally: `INVALID_ARGUMENT` for a blank name or when the worker has
  ///   10,000 triggers, `payload_too_large`, `SHUTDOWN`; ``ConnectionError`` when the engine has refused this worker.
  @discardableResult
  public func registerTrigger(_ input: RegisterTriggerInput) throws -> Trigger {
    let id = try connectedCore().register(input)
    return Trigger(id: id, triggerType: input.triggerType, functionID: input.functionID, worker: self)
  }

  func unregisterTrigger(_ id: String) { core?.unregisterTrigger(id) }

  /// Provides a trigger type: `handler` is told of every trigger of this type. It comes back by itself on every later
  /// connection.
  ///
  /// - Parameters:
  ///   - input: Which.
  ///   - handler: Who serves its triggers.
  /// - Returns: A handle to make triggers of this type, and to take it back.
  /// - Throws: ``InvocationError`` for what is wrong locally: `INVALID_ARGUMENT` for a blank or used id, or when the worker
  ///   has 1,000 types, `payload_too_large`, `SHUTDOWN`; ``ConnectionError`` when the engine has refused this worker. That
  ///   access rules forbid a type, an engine tells nobody.
  @discardableResult
  public func registerTriggerType<Handler: TriggerHandler>(
    _ input: RegisterTriggerTypeInput, handler: Handler
  ) throws -> TriggerTypeRef<Handler.Config, JSON> {
    try registerTriggerType(input, calling: JSON.self, handler: handler)
  }

  /// Provides a trigger type whose functions are called with a `Call`; else as the other.
  ///
  /// - Parameters:
  ///   - input: Which.
  ///   - call: What the functions are called with.
  ///   - handler: Who serves its triggers.
  /// - Returns: A handle to make triggers of this type, and functions for them, and to take it back.
  /// - Throws: As the other.
  @discardableResult
  public func registerTriggerType<Handler: TriggerHandler, Call: Decodable & Sendable>(
    _ input: RegisterTriggerTypeInput, calling call: Call.Type, handler: Handler
  ) throws -> TriggerTypeRef<Handler.Config, Call> {
    try connectedCore().register(input, TypeErasedTriggerHandler(handler))
    return TriggerTypeRef(id: input.id, namespace: input.namespace, worker: self)
  }

  /// Provides a trigger type no more: its handler is told that its triggers have ended. Without effect for one that is not
  /// registered.
  ///
  /// Engines up to 0.23 do not know of this, and keep the triggers for this worker until it goes; new ones are answered
  /// with `trigger_type_not_found`.
  public func unregisterTriggerType(_ id: String) { core?.unregisterTriggerType(id) }
}
