import Synchronization
import Testing
import Transport

@testable import III

@Suite struct WorkerTests {
  static func error(_ body: () async throws -> Void) async -> InvocationError? {
    do {
      try await body()
      return nil
    } catch { return error as? InvocationError }
  }

  @Test func servesAndCalls() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    #expect(await worker.state == .connected)
    let function = try await worker.registerFunction(
      "math::add", description: "adds", metadata: ["team": "a"], requestFormat: ["type": "object"]
    ) { call in
      JSON((call.payload["a"]?.integer ?? 0) + (call.payload["b"]?.integer ?? 0))
    }
    #expect(function.id == "math::add")
    let sum = try await worker.trigger("math::add", payload: ["a": 2, "b": 3])
    #expect(sum.integer == 5)
    let texts = try await host.with { $0.last?.texts ?? [] } ?? []
    #expect(
      texts.contains(
        #"{"type":"registerfunction","id":"math::add","description":"adds","request_format":{"type":"object"},"#
          + #""metadata":{"team":"a"}}"#))
    await function.unregister()
    await function.unregister()
    let error = await Self.error { _ = try await worker.trigger("math::add") }
    #expect(error?.code == "function_not_found")
    await worker.shutdown()
    #expect(await worker.state == .disconnected)
    await worker.shutdown()
  }

  @Test func handlersRunBesideTheLoopAndAtTheSameTime() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    let gate = AsyncStream.makeStream(of: Void.self)
    let onLoop = Mutex(true)
    try await worker.registerFunction("waits") { _ in
      onLoop.withLock { $0 = EventLoop.current != nil }
      for await _ in gate.stream { break }
      return "waited"
    }
    try await worker.registerFunction("opens") { _ in
      gate.continuation.yield()
      return "opened"
    }
    async let waited = worker.trigger("waits")
    let opened = try await worker.trigger("opens")
    #expect(opened.string == "opened")
    #expect(try await waited.string == "waited")
    #expect(onLoop.withLock { $0 } == false)
    await worker.shutdown()
  }

  @Test func actionsMetadataAndNamespace() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    let seen = AsyncStream.makeStream(of: Invocation.self)
    try await worker.registerFunction("f") { call in
      seen.continuation.yield(call)
      return nil
    }
    try await worker.trigger("f", payload: [1, 2], action: .void, metadata: ["tenant": "t1"])
    var calls = seen.stream.makeAsyncIterator()
    let call = try #require(await calls.next())
    #expect(call.payload.text == "[1,2]" && call.metadata?["tenant"]?.string == "t1" && call.functionID == "f")
    #expect(call.id.count == 36)
    let receipt = try await worker.trigger("f", action: .enqueue(queue: "jobs"), namespace: "shop")
    #expect(receipt.messageReceiptID == "r1")
    let frames = try await host.with { engine in engine.last?.texts.filter { $0.contains("jobs") } ?? [] } ?? []
    #expect(frames.count == 1)
    #expect(
      frames.first?.hasSuffix(
        #""function_id":"f","data":null,"action":{"type":"enqueue","queue":"jobs"},"namespace":"shop"}"#) == true)
    await worker.shutdown()
  }

  @Test func lateAndCancelledCallsAreForgotten() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker { $0.invocationTimeout = .milliseconds(20) }
    let started = AsyncStream.makeStream(of: Void.self)
    try await worker.registerFunction("never") { _ in
      started.continuation.yield()
      try await Task.sleep(for: .seconds(3600))
      return nil
    }
    let late = await Self.error { _ = try await worker.trigger("never") }
    #expect(late?.code == "TIMEOUT" && late?.message.hasPrefix("invocation timed out after ") == true)
    let task = Task { try await worker.trigger("never", timeout: .seconds(600)) }
    var starts = started.stream.makeAsyncIterator()
    _ = await starts.next()
    _ = await starts.next()
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(await worker.status?.callsInFlight == 0)
    // Cancelled before it is made.
    let cancelled = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await worker.trigger("never", timeout: .seconds(600))
    }
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { try await cancelled.value }
    await worker.shutdown()
  }

  @Test func functionsComeBackByThemselves() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    try await worker.registerFunction("f") { _ in "here" }
    var states = await worker.states.makeAsyncIterator()
    #expect(await states.next() == .connected)
    let pending = Task { try await worker.trigger("nobody answers") }
    _ = try await host.with { $0.routes = false }
    let silent = Task { try await worker.trigger("f") }
    try await host.wait("two calls") { $0.last?.calls.count == 2 }
    _ = try await host.with { engine in
      engine.routes = true
      engine.last?.connection.abort()
    }
    #expect(await states.next() == .disconnected)
    #expect(await states.next() == .reconnecting)
    let lost = await Self.error { _ = try await silent.value }
    #expect(lost?.code == "NOT_CONNECTED", "calls in flight fail at once")
    _ = try? await pending.value
    #expect(try await worker.trigger("f").string == "here", "calls wait for the next connection")
    #expect(await states.next() == .connected)
    await worker.shutdown()
    #expect(await states.next() == .disconnected)
    #expect(await states.next() == nil)
  }

  @Test func aRefusedWorkerEnds() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    let run = Task { try await worker.run() }
    let call = Task { try await worker.trigger("f") }
    _ = try await host.with { $0.routes = false }
    _ = try await host.with { engine in
      engine.last?.send(
        #"{"type":"registrationrejected","code":"WORKER_NAMESPACE_CONFLICT","worker_name":"w","owner_worker_id":"x"}"#)
    }
    await #expect(throws: ConnectionError.self) { try await run.value }
    _ = try? await call.value
    #expect(await worker.state == .failed)
    let error = await Self.error { _ = try await worker.trigger("f") }
    #expect(error?.code == "WORKER_NAMESPACE_CONFLICT")
    do {
      try await worker.registerFunction("f") { _ in nil }
      Issue.record("registered")
    } catch { #expect((error as? ConnectionError)?.code == "WORKER_NAMESPACE_CONFLICT") }
    await worker.shutdown()
  }

  @Test func connectingHasALimit() async throws {
    let host = try await EngineHost()
    _ = try await host.with { $0.reception = .refuse(status: 503) }
    do {
      _ = try await host.worker { $0.connectTimeout = .seconds(1) }
      Issue.record("connected")
    } catch {
      let error = try #require(error as? ConnectionError)
      #expect(error.code == "TIMEOUT" && error.message.contains("503"))
    }
    do {
      _ = try await registerWorker("http://localhost")
      Issue.record("connected")
    } catch { #expect((error as? ConnectionError)?.code == "INVALID_ARGUMENT") }
  }

  @Test func shuttingDownEndsEverything() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    _ = try await host.with { $0.routes = false }
    let run = Task { try await worker.run() }
    let call = Task { try await worker.trigger("f") }
    try await host.wait("a call") { $0.last?.calls.count == 1 }
    await worker.shutdown()
    try await run.value
    let error = await Self.error { _ = try await call.value }
    #expect(error?.code == "SHUTDOWN")
    let later = await Self.error { _ = try await worker.trigger("f") }
    #expect(later?.code == "SHUTDOWN")
    try await worker.run()
  }

  @Test func aWorkerThatIsLetGoDisconnects() async throws {
    let host = try await EngineHost()
    do {
      let worker = try await host.worker()
      #expect(await worker.state == .connected)
    }
    try await host.wait("the end of the connection") { $0.last?.end != nil }
  }
}
