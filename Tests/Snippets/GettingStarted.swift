import III

/// The code of the article “Getting started”.
enum GettingStarted {
  static func connect() async throws {
    // snippet: connect
    let worker = try await registerWorker()
    try await worker.run()
    // end
  }
}
