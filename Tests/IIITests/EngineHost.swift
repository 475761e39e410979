import Testing
import Transport

@testable import III

/// A ``FakeEngine`` on a loop of its own, for workers, which have one too.
actor EngineHost {
  private let executor: LoopExecutor
  private var engine: FakeEngine?

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.reference }

  init() async throws {
    executor = try LoopExecutor()
    try await start()
  }

  isolated deinit { engine = nil }

  private func start() async throws {
    guard let loop = EventLoop.current else { return }
    let engine = try FakeEngine(on: loop)
    engine.routes = true
    self.engine = engine
  }

  /// Its address.
  var url: String { "ws://127.0.0.1:\(engine?.port ?? 0)" }

  /// What `body` says about the engine.
  func with<Result: Sendable>(_ body: @Sendable (FakeEngine) throws -> Result) throws -> Result? {
    try engine.map(body)
  }

  /// The texts of a type that came on the connection that was made last, once there are `count`.
  nonisolated func texts(
    _ type: String, _ count: Int = 1, location: SourceLocation = #_sourceLocation
  ) async throws -> [String] {
    var texts: [String] = []
    try await waitUntil("\(count) of \(type)", location: location) {
      texts = try await with { $0.last?.texts.filter { $0.contains(#"{"type":"\#(type)""#) } ?? [] } ?? []
      return texts.count >= count
    }
    return texts
  }

  /// Waits until `fact` holds of the engine.
  nonisolated func wait(
    _ what: String, location: SourceLocation = #_sourceLocation, until fact: @Sendable (FakeEngine) -> Bool
  ) async throws {
    try await waitUntil(what, location: location) { try await with(fact) == true }
  }

  /// A worker that is connected to it.
  nonisolated func worker(_ change: (inout InitOptions) -> Void = { _ in }) async throws -> Worker {
    var options = InitOptions()
    options.workerName = "w"
    options.telemetry = .disabled
    // As long as a test may wait for: megabytes take half a minute on a busy machine.
    options.invocationTimeout = .seconds(120)
    change(&options)
    return try await registerWorker(await url, options: options)
  }
}
