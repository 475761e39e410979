import III

/// The code of the article “Running in a service”.
enum Services {
  static func group(_ otherWork: @escaping @Sendable () async throws -> Void) async throws {
    // snippet: services-group
    let worker = try await registerWorker()
    try await worker.registerFunction("stock::count") { _ in 7 }

    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await worker.run() }
      group.addTask { try await otherWork() }
      // Whoever ends first, or fails, ends the others.
      _ = try await group.next()
      group.cancelAll()
      try await group.waitForAll()
    }
    // end
  }

  static func starting() async throws {
    // snippet: services-offline
    var options = InitOptions()
    options.connectTimeout = .zero
    let worker = try await registerWorker(options: options)
    // end
    // snippet: services-shutdown
    await worker.shutdown(timeout: .seconds(20))
    // end
  }
}
