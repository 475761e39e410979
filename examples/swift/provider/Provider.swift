// A trigger type in Swift: whoever binds a function to "interval" has it called every so many seconds.
import III

@main actor Interval: TriggerHandler {
  struct Config: Codable {
    var seconds: Double
  }

  private var timers: [String: Task<Void, any Error>] = [:]

  func registerTrigger(_ trigger: TriggerConfig<Config>) throws {
    let seconds = trigger.config.seconds
    guard (0.1...86_400).contains(seconds) else {
      throw InvocationError(code: "BAD_INTERVAL", message: "seconds are 0.1 to 86400, not \(seconds)")
    }
    timers[trigger.id] = Task {
      while true {
        try await Task.sleep(for: .seconds(seconds))
        try await trigger.fire(["seconds": JSON(seconds)])
      }
    }
  }

  func unregisterTrigger(_ trigger: TriggerConfig<Config>) { timers.removeValue(forKey: trigger.id)?.cancel() }

  static func main() async throws {
    let worker = try await registerWorker()
    try await worker.registerTriggerType(
      RegisterTriggerTypeInput(id: "interval", description: "Every so many seconds"), handler: Interval())
    try await worker.run()
  }
}
