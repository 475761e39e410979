import III

extension Program {
  /// `trigger`: `request`, with the members of the other SDKs: `function_id`, `payload`, `action`, `timeout_ms`,
  /// `metadata`, `namespace`.
  static let callCommands: [String: Action] = ["trigger": { try await $0.trigger($1) }]

  private func trigger(_ command: Command) async throws -> JSON {
    guard let request = command["request"], let id = request["function_id"]?.string else {
      throw Problem(description: "trigger: request.function_id is missing")
    }
    let action: TriggerAction =
      switch request["action"]?["type"]?.string {
      case "void": .void
      case "enqueue": .enqueue(queue: request["action"]?["queue"]?.string ?? "")
      default: .synchronous
      }
    return try await worker.trigger(
      id, payload: request["payload"] ?? .null, action: action,
      timeout: request["timeout_ms"]?.integer.map { .milliseconds($0) }, metadata: request["metadata"],
      namespace: request["namespace"]?.string)
  }
}
