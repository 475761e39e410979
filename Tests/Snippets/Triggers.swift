import III

/// The code of the article “Triggers and their providers”.
enum Triggers {
  static func bind(_ worker: Worker) async throws {
    // snippet: triggers-bind
    try await worker.registerFunction("nightly::clean") { _ in
      print("cleaning")
      return nil
    }
    let trigger = try await worker.registerTrigger(
      RegisterTriggerInput(
        triggerType: "cron", functionID: "nightly::clean", config: ["expression": "0 0 3 * * *"],
        metadata: ["why": "it is quiet then"]))
    // end
    // snippet: triggers-refusals
    for await refusal in trigger.refusals {
      print("nobody takes it: \(refusal)")
    }
    // end
    // snippet: triggers-unbind
    await trigger.unregister()
    // end
  }

  // snippet: triggers-handler
  /// Fires whenever a file was changed.
  actor FileWatch: TriggerHandler {
    struct Config: Codable {
      var path: String
    }

    private var triggers: [String: TriggerConfig<Config>] = [:]

    func registerTrigger(_ trigger: TriggerConfig<Config>) throws {
      guard trigger.config.path.hasPrefix("/") else {
        throw InvocationError(code: "BAD_PATH", message: "a path begins with /")
      }
      triggers[trigger.id] = trigger
    }

    func unregisterTrigger(_ trigger: TriggerConfig<Config>) { triggers[trigger.id] = nil }

    func changed(_ path: String) async throws {
      for trigger in triggers.values where trigger.config.path == path {
        try await trigger.fire(["path": JSON(path)])
      }
    }
  }
  // end

  // snippet: triggers-change
  struct Change: Codable {
    var path: String
  }
  // end

  static func provide(_ worker: Worker) async throws {
    // snippet: triggers-provide
    let watch = FileWatch()
    let type = try await worker.registerTriggerType(
      RegisterTriggerTypeInput(id: "file", description: "A file was changed"), calling: Change.self, handler: watch)

    try await type.registerFunction("log::change") { change in
      print("changed:", change.path)
      return true
    }
    try await type.registerTrigger("log::change", config: FileWatch.Config(path: "/etc/hosts"))
    // end
    // snippet: triggers-withdraw
    await type.unregister()
    // end
  }
}
