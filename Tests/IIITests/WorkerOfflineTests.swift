import Testing
import Transport

@testable import III

/// Calls of a worker while there is no connection (engine protocol, sections 3.5, 3.6 and 8.2).
@Suite struct WorkerOfflineTests {
  /// A worker that is not connected, and its engine, which takes no connection yet.
  static func scene(_ change: (inout InitOptions) -> Void = { _ in }) async throws -> (EngineHost, Worker) {
    let host = try await EngineHost()
    _ = try await host.with { $0.reception = .drop }
    let worker = try await host.worker {
      $0.connectTimeout = .zero
      $0.reconnection.initialDelay = .milliseconds(1)
      $0.reconnection.maximumDelay = .milliseconds(5)
      change(&$0)
    }
    return (host, worker)
  }

  @Test func callsWait_andGoOutInOrderBehindTheAnnounce() async throws {
    let (host, worker) = try await Self.scene()
    let first = Task { try await worker.trigger("a") }
    try await waitUntil("the call") { await worker.waitingCount == 1 }
    try await worker.trigger("b", action: .void)
    let third = Task { try await worker.trigger("c", action: .enqueue(queue: "q")) }
    try await waitUntil("the third call") { await worker.waitingCount == 3 }
    _ = try await host.with { engine in
      engine.routes = true
      engine.reception = .accept
    }
    let error = await WorkerTests.error { _ = try await first.value }
    #expect(error?.code == "function_not_found")
    #expect(try await third.value.messageReceiptID == "r1")
    let words = try await host.with { $0.last?.words ?? [] } ?? []
    #expect(
      words.filter { $0.hasPrefix("invokefunction") } == [
        "invokefunction engine::workers::register", "invokefunction a", "invokefunction b", "invokefunction c",
      ])
    await worker.shutdown()
  }

  @Test func lesson13_whoGivesUpIsNotSent() async throws {
    let (host, worker) = try await Self.scene()
    let cancelled = Task { try await worker.trigger("cancelled") }
    let late = Task { try await worker.trigger("late", timeout: .milliseconds(20)) }
    let patient = Task { try await worker.trigger("patient") }
    let lateError = await WorkerTests.error { _ = try await late.value }
    #expect(lateError?.code == "TIMEOUT")
    #expect(lateError?.message.hasPrefix("invocation timed out after 20ms, without a connection") == true)
    try await waitUntil("both calls") { await worker.waitingCount == 2 }
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { _ = try await cancelled.value }
    _ = try await host.with { engine in
      engine.routes = true
      engine.reception = .accept
    }
    _ = try? await patient.value
    let calls = try await host.with { $0.last?.calls.compactMap { $0["function_id"] as? String } ?? [] }
    #expect(calls == ["patient"])
    #expect(await worker.callCount == 0)
    await worker.shutdown()
  }

  @Test func tooManyAreRefused() async throws {
    let (_, worker) = try await Self.scene()
    for _ in 0..<1000 { try await worker.trigger("f", action: .void) }
    let error = await WorkerTests.error { try await worker.trigger("f") }
    #expect(error?.code == "NOT_CONNECTED" && error?.message.contains("too many calls wait") == true)
    await worker.shutdown()
  }

  @Test func shuttingDownEndsThoseThatWait() async throws {
    let (_, worker) = try await Self.scene()
    let call = Task { try await worker.trigger("f") }
    try await waitUntil("the call") { await worker.waitingCount == 1 }
    await worker.shutdown()
    let error = await WorkerTests.error { _ = try await call.value }
    #expect(error?.code == "SHUTDOWN")
  }

  @Test func usedUpAttempts_failEverything() async throws {
    let (_, worker) = try await Self.scene { $0.reconnection.maximumRetries = 2 }
    let call = Task { try await worker.trigger("f") }
    do {
      try await worker.run()
      Issue.record("it ran")
    } catch { #expect((error as? ConnectionError)?.code == "NOT_CONNECTED") }
    #expect(await worker.state == .failed)
    let pending = await WorkerTests.error { _ = try await call.value }
    let later = await WorkerTests.error { _ = try await worker.trigger("f") }
    #expect(pending?.code == "NOT_CONNECTED" && later?.code == "NOT_CONNECTED")
    #expect(later?.message.hasPrefix("no attempt to connect is left: ") == true)
    await worker.shutdown()
    #expect(await worker.state == .disconnected)
  }
}

extension Worker {
  /// How many calls wait for a connection.
  var waitingCount: Int { core?.waiting.count ?? 0 }
}
