import III

extension Program {
  /// `trigger`: `request`, with the members of the other SDKs: `function_id`, `payload`, `action`, `timeout_ms`,
  /// `metadata`, `namespace`.
  static let callCommands: [String: Action] = ["trigger": { try await $0.trigger($1) }]

  private func trigger(_ command: Command) async throws -> JSON {
    guard let request = command["request"], let id = request["function_id"]?.string else {
      throw Problem(description: "trigger: request.function_id is missing")
    }
    let payload = request["payload"] ?? .null
    let timeout = request["timeout_ms"]?.integer.map { Duration.milliseconds($0) }
    let metadata = request["metadata"]
    let namespace = request["namespace"]?.string
    switch request["action"]?["type"]?.string {
    case "void":
      try await worker.trigger(id, payload: payload, action: .void, metadata: metadata, namespace: namespace)
      return .null
    case "enqueue":
      let receipt = try await worker.trigger(
        id, payload: payload, action: .enqueue(queue: request["action"]?["queue"]?.string ?? ""), timeout: timeout,
        metadata: metadata, namespace: namespace)
      return ["messageReceiptId": JSON(receipt.messageReceiptID)]
    default:
      return try await worker.trigger(
        id, payload: payload, timeout: timeout, metadata: metadata, namespace: namespace)
    }
  }
}
