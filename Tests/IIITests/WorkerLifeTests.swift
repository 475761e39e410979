import Foundation
import Synchronization
import Testing
import Transport
import WebSocket

@testable import III

/// How a worker begins and ends (engine protocol, section 10, lessons 20 and 21).
@Suite(.serialized) struct WorkerLifeTests {
  /// A function that waits until it is told, and what became of it.
  final class Held: Sendable {
    let started = AsyncStream.makeStream(of: Void.self)
    let gate = AsyncStream.makeStream(of: Void.self)
    let wasCancelled = Mutex(false)

    @Sendable func handle(_ call: Invocation) async throws -> JSON {
      started.continuation.yield()
      for await _ in gate.stream { return "done" }
      wasCancelled.withLock { $0 = Task.isCancelled }
      return "cancelled"
    }
  }

  /// A worker with a call of its function `held` under way, from another worker.
  static func scene(
    _ change: (inout InitOptions) -> Void = { _ in }
  ) async throws -> (EngineHost, Worker, Worker, Held, Task<JSON, any Error>) {
    let host = try await EngineHost()
    let worker = try await host.worker(change)
    let caller = try await host.worker { $0.workerName = "caller" }
    let held = Held()
    let function = try await worker.registerFunction("held", handler: held.handle)
    #expect(await function.registration == .active)
    let call = Task { try await caller.trigger("held") }
    for await _ in held.started.stream { break }
    return (host, worker, caller, held, call)
  }

  @Test func lesson21_shuttingDownLetsHandlersFinish() async throws {
    let (host, worker, caller, held, call) = try await Self.scene()
    let end = Task { await worker.shutdown(timeout: .seconds(600)) }
    try await host.wait("its function taken back") { $0.sessions[0].words.contains("unregisterfunction held") }
    let refused = await WorkerTests.error { try await worker.registerFunction("new") { _ in nil } }
    #expect(refused?.code == "SHUTDOWN")
    held.gate.continuation.yield()
    #expect(try await call.value.string == "done")
    await end.value
    #expect(await worker.state == .disconnected)
    await caller.shutdown()
  }

  @Test(arguments: [0, 20]) func lesson21_whatNeedsLongerIsCancelled(milliseconds: Int) async throws {
    let (host, worker, caller, held, call) = try await Self.scene()
    await worker.shutdown(timeout: .milliseconds(milliseconds))
    let error = await WorkerTests.error { _ = try await call.value }
    #expect(error?.code == "SHUTDOWN")
    try await waitUntil("the handler's cancellation") { held.wasCancelled.withLock { $0 } }
    await caller.shutdown()
    withExtendedLifetime(host) {}
  }

  @Test func shuttingDownAgain_waitsForTheFirst_orIsInMoreOfAHurry() async throws {
    let (host, worker, caller, _, call) = try await Self.scene()
    let patient = Task { await worker.shutdown(timeout: .seconds(600)) }
    try await waitUntil("the drain") { await worker.isDraining }
    await worker.shutdown(timeout: .milliseconds(1))
    await patient.value
    _ = try? await call.value
    await worker.shutdown()
    await caller.shutdown()
    withExtendedLifetime(host) {}
  }

  @Test func running_endsGracefully_whenItsTaskIsCancelled() async throws {
    // The handler has five seconds: neither it nor who lets it end waits for a thread of the pool, which may all be busy.
    let (host, worker, caller, held, call) = try await Self.scene { $0.handlers = .workerThread }
    _ = try await host.with { engine in
      engine.heard = { if $0.contains("unregisterfunction") { held.gate.continuation.yield() } }
    }
    let run = Task { try await worker.run() }
    run.cancel()
    try await run.value
    #expect(try await call.value.string == "done")
    #expect(await worker.state == .disconnected)
    try await host.wait("the end of the connection") { $0.sessions[0].end != nil }
    #expect(try await host.with { $0.sessions[0].end == .closedByPeer(.normal, "") } == true)
    await caller.shutdown()
    let before = Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      try await worker.run()
    }
    try await before.value
  }

  @Test func withoutAConnectTimeout_itReturnsAtOnce() async throws {
    let host = try await EngineHost()
    _ = try await host.with { $0.reception = .drop }
    let worker = try await host.worker { $0.connectTimeout = .zero }
    var states = await worker.states.makeAsyncIterator()
    var first = await states.next()
    if first == .disconnected { first = await states.next() }
    #expect(first == .connecting)
    await worker.shutdown()
    #expect(await states.next() == .disconnected)
  }

  @Test func lesson20_listenersHearThePresentStateAndEachChangeOnce() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker { $0.reconnection.initialDelay = .milliseconds(1) }
    var first = await worker.states.makeAsyncIterator()
    #expect(await first.next() == .connected)
    do {
      // One that is given up takes only itself out.
      var second = await worker.states.makeAsyncIterator()
      #expect(await second.next() == .connected)
    }
    try await waitUntil("one listener") { await worker.listenerCount == 1 }
    _ = try await host.with { $0.last?.connection.abort() }
    var heard: [ConnectionState] = []
    while heard.last != .connected, let state = await first.next() { heard.append(state) }
    #expect(heard == [.disconnected, .reconnecting, .connected])
    await worker.shutdown()
    #expect(await first.next() == .disconnected)
    #expect(await first.next() == nil)
    var late = await worker.states.makeAsyncIterator()
    #expect(await late.next() == .disconnected)
    #expect(await late.next() == nil)
  }

  /// In a process of its own, which no other suite has threads and files in.
  @Test func nothingIsLeftBehind() async {
    await #expect(processExitsWith: .success) {
      let host = try await EngineHost()
      try await WorkerLifeTests.round(host)
      let threads = try WorkerLifeTests.count("task")
      let files = try WorkerLifeTests.count("fd")
      for _ in 0..<20 { try await WorkerLifeTests.round(host) }
      // The engine's ends and the threads go a moment later; the runtime may have made some more for itself.
      try await waitUntil("their end") {
        try WorkerLifeTests.count("task") < threads + 20 && WorkerLifeTests.count("fd") < files + 20
      }
    }
  }

  /// The lives of two workers.
  static func round(_ host: EngineHost) async throws {
    let worker = try await host.worker()
    try await worker.registerFunction("f") { _ in 1 }
    _ = try await worker.trigger("f")
    _ = try await TriggerFormsTests.blocking { try worker.trigger("f") }
    await worker.shutdown()
    _ = try? await host.worker { $0.namespace = " " }
    let letGo = try await host.worker()
    _ = try await letGo.trigger("f", action: .void)
  }

  /// How many threads (`task`) or open files (`fd`) the process has.
  static func count(_ folder: String) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/\(folder)").count
  }
}

extension Worker {
  /// Whether it waits for its handlers.
  var isDraining: Bool { core?.ending == .draining }
  /// How many are told of states.
  var listenerCount: Int { core?.listeners.count ?? 0 }
}
