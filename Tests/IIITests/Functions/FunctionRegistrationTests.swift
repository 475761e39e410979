import Testing
import Transport

@testable import III

@Suite struct FunctionRegistrationTests {
  @Test func `what the engine confirms is active`() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    let function = try await worker.registerFunction("f") { _ in nil }
    #expect(await function.registration == .active)
    #expect(await function.registration == .active)
    await function.unregister()
    #expect(await function.registration == .unregistered)
    await worker.shutdown()
  }

  @Test func `what the engine refuses is rejected with its owner, and people are told once`() async throws {
    let lines = FunctionTests.Lines()
    let host = try await EngineHost()
    _ = try await host.with { engine in
      engine.informationAnswer = { _, session in
        session.send(
          #"{"type":"registrationrejected","code":"FUNCTION_NAMESPACE_CONFLICT","function_id":"f","owner_worker_id":"x"}"#
        )
        return #""result":{"function_id":"f","worker_name":"w"}"#
      }
    }
    let worker = try await host.worker { $0.log = lines.log }
    let function = try await worker.registerFunction("f") { _ in "mine" }
    #expect(await function.registration == .rejected(code: "FUNCTION_NAMESPACE_CONFLICT", owner: "x"))
    // It is offered again on the next connection, and refused again.
    _ = try await host.with { $0.last?.connection.abort() }
    try await host.wait("the next connection") { $0.sessions.count == 2 }
    try await waitUntil("the next refusal") { await function.registration != .pending }
    #expect(await function.registration == .rejected(code: "FUNCTION_NAMESPACE_CONFLICT", owner: "x"))
    #expect(
      lines.all.filter { $0.contains("refused") } == [
        "the engine refused the function 'f': FUNCTION_NAMESPACE_CONFLICT: worker 'x' has it"
      ])
    // On the one after that there is room.
    _ = try await host.with { engine in
      engine.informationAnswer = FakeEngine.rows
      engine.last?.connection.abort()
    }
    try await waitUntil("room for it") { await function.registration == .active }
    #expect(try await worker.trigger("f").string == "mine")
    await worker.shutdown()
  }

  @Test func `without a connection it is pending`() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    _ = try await host.with { engine in
      engine.reception = .refuse(status: 503)
      engine.last?.connection.abort()
    }
    try await waitUntil("the loss") { await worker.state != .connected }
    let function = try await worker.registerFunction("f") { _ in nil }
    #expect(await function.registration == .pending)
    await worker.shutdown()
    #expect(await function.registration == .unregistered)
  }

  @Test func `waiting ends with the task, and with the function`() async throws {
    let host = try await EngineHost()
    // Nobody confirms anything, and the worker does not give up before the test is done.
    _ = try await host.with { $0.barrierAnswer = nil }
    var options = try InitOptions().resolved(address: await host.url)
    options.confirmationLimit = 600_000
    let worker = try Worker(invocationTimeout: .seconds(120), handlers: .concurrent)
    try await worker.start(options, log: .none, timeout: 120_000)
    let function = try await worker.registerFunction("f") { _ in nil }
    let cancelled = Task { await function.registration }
    try await waitUntil("one who waits") { await worker.registrationWaiters("f") == 1 }
    cancelled.cancel()
    #expect(await cancelled.value == .pending)
    let waiting = Task { await function.registration }
    try await waitUntil("one who waits") { await worker.registrationWaiters("f") == 1 }
    await function.unregister()
    #expect(await waiting.value == .unregistered)
    let next = try await worker.registerFunction("f") { _ in "next" }
    await function.unregister()
    #expect(try await worker.trigger("f").string == "next", "an old handle takes no new function back")
    let last = Task { await next.registration }
    try await waitUntil("one who waits") { await worker.registrationWaiters("f") == 1 }
    await worker.shutdown()
    #expect(await last.value == .unregistered)
  }
}

extension Worker {
  /// How many wait for what the engine says of a function.
  fileprivate func registrationWaiters(_ id: String) -> Int { core?.functions[id]?.waiters.count ?? 0 }
}
