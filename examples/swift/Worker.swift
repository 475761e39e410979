// A worker in Swift: it serves swift::upper, calls it once, and stays.
import III

@main enum Example {
  static func main() async throws {
    let worker = try await registerWorker()

    try await worker.registerFunction("swift::upper", description: "Upper-cases a text") { call in
      guard let text = call.payload["text"]?.string else {
        throw InvocationError(code: "BAD_REQUEST", message: "a text is needed")
      }
      return ["text": JSON(text.uppercased())]
    }

    let reply = try await worker.trigger("swift::upper", payload: ["text": "hello"])
    print("swift::upper:", reply)

    try await worker.run()
  }
}
