import III

extension Program {
  /// `bind`: `trigger_type`, `function_id`, `config`, `metadata`, `namespace`, `trigger_namespace`: returns the trigger's
  /// id, and each refusal is an event; `unbind`: `id`.
  ///
  /// `provide`: `id`, `description`, `behaviour`, `namespace`: what the handler is told are events; `withdraw`: `id`.
  /// `fire` and `call`: `id` of a trigger that is served, `payload`.
  static let triggerCommands: [String: Action] = [
    "bind": { try await $0.bind($1) },
    "unbind": { try await $0.unbind($1) },
    "provide": { try await $0.provide($1) },
    "withdraw": { try await $0.withdraw($1) },
    "fire": { program, command in
      try await program.served(command).fire(command["payload"] ?? .null)
      return true
    },
    "call": { program, command in try await program.served(command).call(command["payload"] ?? .null) },
  ]

  // MARK: - Binder

  private func bind(_ command: Command) async throws -> JSON {
    let trigger = try await worker.registerTrigger(
      RegisterTriggerInput(
        triggerType: try command.text("trigger_type"), functionID: try command.text("function_id"),
        config: command["config"] ?? .null, metadata: command["metadata"], namespace: command["namespace"]?.string,
        triggerNamespace: command["trigger_namespace"]?.string))
    triggers[trigger.id] = trigger
    Task {
      for await refusal in trigger.refusals {
        Output.tell([
          "event": "refused", "id": JSON(trigger.id), "code": JSON(refusal.code), "message": JSON(refusal.message),
        ])
      }
    }
    return JSON(trigger.id)
  }

  private func unbind(_ command: Command) async throws -> JSON {
    await triggers.removeValue(forKey: try command.text("id"))?.unregister()
    return true
  }

  // MARK: - Provider

  private func provide(_ command: Command) async throws -> JSON {
    let id = try command.text("id")
    try await worker.registerTriggerType(
      RegisterTriggerTypeInput(
        id: id, description: command["description"]?.string ?? "a type of swift-worker",
        triggerRequestFormat: command["trigger_request_format"].map { .schema($0) },
        callRequestFormat: command["call_request_format"].map { .schema($0) },
        namespace: command["namespace"]?.string),
      handler: Provider(program: self))
    return true
  }

  private func withdraw(_ command: Command) async throws -> JSON {
    await worker.unregisterTriggerType(try command.text("id"))
    return true
  }

  private func served(_ command: Command) throws -> TriggerConfig<JSON> {
    guard let trigger = served[try command.text("id")] else { throw Problem(description: "no such trigger") }
    return trigger
  }

  func began(_ trigger: TriggerConfig<JSON>) { served[trigger.id] = trigger }
  func ended(_ trigger: TriggerConfig<JSON>) { served[trigger.id] = nil }
}

/// Tells what it is told; refuses what the configuration says: `{"refuse": "words", "code": "CODE"}`.
private struct Provider: TriggerHandler {
  unowned let program: Program

  func registerTrigger(_ trigger: TriggerConfig<JSON>) async throws {
    let words = trigger.config["refuse"]?.string
    if words == nil { await program.began(trigger) }
    tell("registered", trigger)
    guard let words else { return }
    guard let code = trigger.config["code"]?.string else { throw Problem(description: words) }
    throw InvocationError(code: code, message: words)
  }

  func unregisterTrigger(_ trigger: TriggerConfig<JSON>) async {
    await program.ended(trigger)
    tell("unregistered", trigger)
  }

  private func tell(_ event: JSON, _ trigger: TriggerConfig<JSON>) {
    Output.tell([
      "event": event, "id": JSON(trigger.id), "trigger_type": JSON(trigger.triggerType),
      "function_id": JSON(trigger.functionID), "config": trigger.config, "metadata": trigger.metadata ?? .null,
      "namespace": trigger.namespace.map { JSON($0) } ?? .null,
    ])
  }
}
