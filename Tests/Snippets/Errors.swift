import III

/// The code of the article “Errors”.
enum Errors {
  static func catching(_ worker: Worker) async throws {
    // snippet: errors-catch
    do {
      try await worker.trigger("stock::reserve", payload: ["sku": "A1"])
    } catch let error as InvocationError {
      switch error.code {
      case InvocationError.functionNotFound: print("nobody serves it")
      case InvocationError.timeout, InvocationError.notConnected: print("nobody knows whether it happened")
      case InvocationError.forbidden: print("not for us")
      case "OUT_OF_STOCK": print("a code of the function's own")
      default: print(error)
      }
    }
    // end
  }

  static func throwing(_ worker: Worker) async throws {
    // snippet: errors-throw
    try await worker.registerFunction("stock::take") { _ in
      throw InvocationError(code: "OUT_OF_STOCK", message: "none left")
    }
    // end
  }

  static func connecting() async {
    // snippet: errors-connect
    do {
      let worker = try await registerWorker()
      try await worker.run()
    } catch let error as ConnectionError {
      print("refused for good, or nobody there: \(error.code), \(error.message)")
    } catch {
      print(error)
    }
    // end
  }

  static func logging() {
    // snippet: errors-log
    var options = InitOptions()
    options.log = WorkerLog { level, message in print(level, message) }
    // end
    _ = options
  }
}
