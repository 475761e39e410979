import III

extension Program {
  /// `registration`: what is known of `function_id`; `register_http`: `function_id` and `invocation`, as it stands in the
  /// frame; `watch_states`: tells every state of the connection as an event.
  static let registrationCommands: [String: Action] = [
    "registration": { try await $0.registration($1) },
    "register_http": { try await $0.registerHTTP($1) },
    "watch_states": { await $0.watchStates($1) },
  ]

  private func registration(_ command: Command) async throws -> JSON {
    guard let function = functions[try command.text("function_id")] else {
      throw Problem(description: "registration: no such function")
    }
    switch await function.registration {
    case .active: return ["state": "active"]
    case .rejected(let code, let owner):
      return ["state": "rejected", "code": JSON(code), "owner": owner.map { JSON($0) } ?? .null]
    case .unconfirmed: return ["state": "unconfirmed"]
    case .pending: return ["state": "pending"]
    case .unregistered: return ["state": "unregistered"]
    }
  }

  private func registerHTTP(_ command: Command) async throws -> JSON {
    let id = try command.text("function_id")
    guard let members = command["invocation"], let url = members["url"]?.string else {
      throw Problem(description: "register_http: invocation.url is missing")
    }
    var invocation = HTTPInvocationConfig(url: url)
    if let method = members["method"]?.string {
      invocation.method = HTTPInvocationConfig.Method(rawValue: method) ?? .post
    }
    if let timeout = members["timeout_ms"]?.integer { invocation.timeout = .milliseconds(timeout) }
    for (name, value) in members["headers"]?.members ?? [] { invocation.headers[name] = value.string }
    if let auth = members["auth"] {
      switch auth["type"]?.string {
      case "bearer": invocation.auth = .bearer(tokenKey: auth["token_key"]?.string ?? "")
      case "api_key":
        invocation.auth = .apiKey(header: auth["header"]?.string ?? "", valueKey: auth["value_key"]?.string ?? "")
      default: invocation.auth = .hmac(secretKey: auth["secret_key"]?.string ?? "")
      }
    }
    functions[id] = try await worker.registerFunction(id, invocation: invocation)
    return true
  }

  private func watchStates(_ command: Command) async -> JSON {
    let states = await worker.states
    Task.detached {
      for await state in states { Output.tell(["event": "state", "state": JSON("\(state)")]) }
      Output.tell(["event": "states end"])
    }
    return true
  }
}
