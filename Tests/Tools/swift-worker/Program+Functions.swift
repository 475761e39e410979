import III

extension Program {
  /// `register`: `function_id`, `behaviour`; `unregister`: `function_id`.
  static let functionCommands: [String: Action] = [
    "register": { try await $0.register($1) },
    "unregister": { try await $0.unregister($1) },
  ]

  private func register(_ command: Command) async throws -> JSON {
    let id = try command.text("function_id")
    let behaviour = try Self.behaviour(try command.text("behaviour"), value: command["value"] ?? .null)
    functions[id] = try await worker.registerFunction(
      id, description: command["description"]?.string, metadata: command["metadata"],
      requestFormat: command["request_format"].map(Self.format),
      responseFormat: command["response_format"].map(Self.format)
    ) { call in
      let data = call.payload.utf8.count < 10_000 ? call.payload : "large"
      Output.tell(["invoked": JSON(id), "data": data, "metadata": call.metadata ?? .null])
      return try await behaviour(call)
    }
    return true
  }

  private func unregister(_ command: Command) async throws -> JSON {
    await functions.removeValue(forKey: try command.text("function_id"))?.unregister()
    return true
  }

  /// A format that has a name is a tree, any other a JSON Schema.
  private static func format(_ json: JSON) -> FunctionFormat { json["name"] == nil ? .schema(json) : .tree(tree(json)) }

  private static func tree(_ json: JSON) -> RegisterFunctionFormat {
    RegisterFunctionFormat(
      name: json["name"]?.string ?? "", kind: RegisterFunctionFormat.Kind(rawValue: json["type"]?.string ?? ""),
      description: json["description"]?.string, body: json["body"]?.elements?.map(tree), items: json["items"].map(tree),
      required: json["required"]?.boolean ?? false)
  }

  /// What a function does, by the names that the other programs under test have for it.
  private static func behaviour(_ name: String, value: JSON) throws -> Worker.Handler {
    switch name {
    case "echo": return { $0.payload }
    case "nothing": return { _ in .null }
    case "value": return { _ in value }
    case "fail": return { _ in throw InvocationError(code: "NO_LUCK", message: "no such luck") }
    // An error without a code: the caller gets `invocation_failed`.
    case "throw": return { _ in throw Problem(description: "no such luck") }
    case "typed":
      // As a typed function does it.
      return { call in try JSON(encoding: call.decode([String: Int].self).values.reduce(0, +)) }
    case "caller": return { ["caller": $0.callerWorkerID.map { JSON($0) } ?? nil] }
    case "log":
      return { call in
        Logger(name: "swift.log").info("handled", data: ["k": 1, "payload": "\(call.payload)"])
        return .null
      }
    case "forward":
      return { call in try await call.worker.trigger(value.string ?? "", payload: call.payload) }
    case "slow":
      return { call in
        let seconds = call.payload["seconds"]?.number ?? 0
        try await Task.sleep(for: .seconds(seconds))
        return ["slept": JSON(seconds)]
      }
    case "large":
      return { call in ["text": JSON(String(repeating: "x", count: call.payload["size"]?.integer ?? 0))] }
    case "size": return { call in ["size": JSON(call.payload["text"]?.string?.count ?? 0)] }
    default: throw Problem(description: "no behaviour \(name)")
    }
  }
}
