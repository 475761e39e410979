/// A ``TriggerHandler`` whatever its configuration is, and what its binders are told of what it throws.
struct TypeErasedTriggerHandler: Sendable {
  /// Asks it to serve a trigger; nil when it does.
  let registerTrigger: @Sendable (TriggerConfig<JSON>) async -> TriggerFailure?
  /// Tells it that a trigger has ended; nil when nothing was wrong.
  let unregisterTrigger: @Sendable (TriggerConfig<JSON>) async -> TriggerFailure?

  init<Handler: TriggerHandler>(_ handler: Handler) {
    registerTrigger = { trigger in
      await Self.failure { try await handler.registerTrigger(Self.typed(trigger)) }
    }
    unregisterTrigger = { trigger in
      await Self.failure { try await handler.unregisterTrigger(Self.typed(trigger)) }
    }
  }

  private static func typed<Config: Codable & Sendable>(
    _ trigger: TriggerConfig<JSON>
  ) throws -> TriggerConfig<Config> {
    trigger.with(try trigger.config.decode(Config.self, worker: trigger.worker))
  }

  private static func failure(of body: () async throws -> Void) async -> TriggerFailure? {
    do {
      try await body()
      return nil
    } catch let error as InvocationError {
      return TriggerFailure(code: error.code, message: error.message)
    } catch let error as DecodingError {
      return TriggerFailure(
        code: TriggerFailure.registrationFailed, message: "the configuration does not fit: \(error)")
    } catch {
      return TriggerFailure(code: TriggerFailure.registrationFailed, message: "\(error)")
    }
  }
}
