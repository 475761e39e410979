import III

/// The code of the article “Telemetry”.
enum Telemetry {
  static func options() async throws {
    // snippet: telemetry-options
    var options = InitOptions()
    options.telemetry.serviceName = "stock-keeper"
    options.telemetry.spansPerSecond = 10
    options.telemetry.capturesPayloads = false
    let worker = try await registerWorker(options: options)
    // end
    _ = worker
  }

  static func off() {
    // snippet: telemetry-off
    var options = InitOptions()
    options.telemetry = .disabled
    // end
    _ = options
  }

  static func log(_ worker: Worker) async throws {
    // snippet: telemetry-log
    let logger = Logger(name: "stock")

    try await worker.registerFunction("stock::take") { call in
      logger.info("taken", data: ["sku": "A1", "count": 2])
      return ["left": 5]
    }
    // end
    // snippet: telemetry-outside
    worker.logger(name: "stock").warn("the shelves are nearly empty")
    // end
  }
}
