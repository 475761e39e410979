import III

/// The code of the article “Getting started”.
enum GettingStarted {
  static func everything() async throws {
    // snippet: getting-started
    let worker = try await registerWorker("ws://127.0.0.1:49134")

    try await worker.registerFunction("math::add") { (numbers: [String: Int]) in
      numbers.values.reduce(0, +)
    }

    let sum = try await worker.trigger("math::add", payload: ["a": 2, "b": 3], returning: Int.self)
    print(sum)

    try await worker.run()
    // end
  }

  static func options() async throws {
    // snippet: getting-started-options
    var options = InitOptions()
    options.workerName = "stock-keeper"
    options.workerDescription = "Keeps count of what is in the shelves"
    options.namespace = "shop"
    options.invocationTimeout = .seconds(10)
    options.reconnection.maximumDelay = .seconds(5)
    let worker = try await registerWorker("wss://engine.example:443", options: options)
    // end
    _ = worker
  }

  static func states(_ worker: Worker) async {
    // snippet: getting-started-states
    for await state in await worker.states {
      print("the connection is \(state)")
    }
    // end
  }
}
