import III

/// The code of the article “Functions and calls”.
enum Functions {
  static func raw(_ worker: Worker) async throws {
    // snippet: functions-raw
    let upper = try await worker.registerFunction("text::upper", description: "Upper-cases a text") { call in
      guard let text = call.payload["text"]?.string else {
        throw InvocationError(code: "BAD_REQUEST", message: "a text is needed")
      }
      return ["text": JSON(text.uppercased())]
    }
    // end
    _ = upper
  }

  // snippet: functions-types
  struct Order: Codable {
    var sku: String
    var count: Int
  }

  struct Receipt: Codable {
    var number: Int
  }
  // end

  static func typed(_ worker: Worker) async throws {
    // snippet: functions-typed
    try await worker.registerFunction("stock::reserve") { (order: Order, call: Invocation) in
      let tenant = call.metadata?["tenant"]?.string ?? "nobody"
      print("\(tenant) wants \(order.count) × \(order.sku)")
      return Receipt(number: 1)
    }
    // end
  }

  static func described(_ worker: Worker) async throws {
    // snippet: functions-described
    try await worker.registerFunction(
      "stock::count", description: "How many there are", metadata: ["team": "stock"],
      requestFormat: ["type": "object", "required": ["sku"], "properties": ["sku": ["type": "string"]]],
      responseFormat: .tree(RegisterFunctionFormat(name: "count", kind: .number, description: "in the shelves"))
    ) { call in
      let sku = call.payload["sku"]?.string ?? ""
      return JSON(sku.count)
    }
    // end
  }

  static func http(_ worker: Worker) async throws {
    // snippet: functions-http
    try await worker.registerFunction(
      "mail::send",
      invocation: HTTPInvocationConfig(
        url: "https://mail.example/send", timeout: .seconds(5), auth: .bearer(tokenKey: "MAIL_TOKEN")))
    // end
  }

  static func registration(_ worker: Worker) async throws {
    // snippet: functions-registration
    let function = try await worker.registerFunction("stock::list") { _ in [] }
    switch await function.registration {
    case .active: print("the engine lists it")
    case .rejected(let code, let owner): print("refused: \(code); it is \(owner ?? "somebody")'s")
    case .unconfirmed: print("nothing was refused aloud, and asking is forbidden")
    case .pending: print("there is no connection yet")
    case .unregistered: print("taken back")
    }
    await function.unregister()
    // end
  }

  static func calls(_ worker: Worker) async throws {
    // snippet: functions-calls
    // The result, raw or as a type of the program.
    let count = try await worker.trigger("stock::count", payload: ["sku": "A1"])
    let receipt = try await worker.trigger(
      "stock::reserve", payload: Order(sku: "A1", count: 2), returning: Receipt.self, timeout: .seconds(5),
      metadata: ["tenant": "t1"])

    // Into a queue of the engine: what comes back is the queue's receipt.
    let queued = try await worker.trigger(
      "stock::reserve", payload: ["sku": "A1", "count": 2], action: .enqueue(queue: "orders"))

    // Nobody answers.
    try await worker.trigger("stock::changed", payload: ["sku": "A1"], action: .void)
    // end
    print(count, receipt.number, queued.messageReceiptID)
  }

  // snippet: functions-blocking
  static func count(_ sku: String, _ worker: Worker) throws -> Int? {
    try worker.trigger("stock::count", payload: ["sku": JSON(sku)]).integer
  }
  // end
}
