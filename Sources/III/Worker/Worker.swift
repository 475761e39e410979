import IIIObservability
import Synchronization
import Transport

/// A worker of an iii engine: it serves functions, and calls those of others.
///
/// The connection is kept through every kind of failure; registrations come back by themselves. An actor that runs on an
/// event loop of its own thread; handlers run as tasks beside it. It lives until ``shutdown(timeout:)``, or until it is
/// let go.
public actor Worker {
  /// What a registered function does with a call: its result is the caller's, and so is what it throws (an
  /// ``InvocationError`` with its code, anything else as `invocation_failed`).
  public typealias Handler = @Sendable (Invocation) async throws -> JSON

  private let executor: LoopExecutor
  private let numbers = Atomic<Int>(0)
  let invocationTimeout: Duration
  /// Where handlers run; nil: on Swift's pool of threads.
  let handlerExecutor: LoopTaskExecutor?
  /// Takes log lines from any thread; nil without telemetry.
  let sink: TelemetrySink?
  private(set) var core: WorkerCore?

  /// The loop's executor.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.reference }

  init(
    invocationTimeout: Duration, handlers: HandlerPlacement, sink: TelemetrySink? = nil
  ) throws(ConnectionError) {
    do {
      executor = try LoopExecutor()
    } catch {
      throw ConnectionError(code: "SYSTEM", message: "no event loop: \(error)")
    }
    self.invocationTimeout = invocationTimeout
    handlerExecutor = handlers == .workerThread ? LoopTaskExecutor(executor) : nil
    self.sink = sink
  }

  isolated deinit {
    // What lives on the loop is let go on the loop's thread.
    core = nil
  }

  /// Begins to connect, and waits for it at most `timeout` milliseconds.
  func start(
    _ options: LinkOptions, telemetry: TelemetrySettings? = nil, log: WorkerLog, timeout: Int
  ) async throws {
    guard let loop = EventLoop.current else { preconditionFailure("the actor runs on its loop") }
    let core = WorkerCore(loop: loop, options: options, log: log, worker: self)
    self.core = core
    if let telemetry, let sink { core.startTelemetry(telemetry, options, sink) }
    try await withTaskCancellationHandler {
      try await self.connected(timeout: timeout)
    } onCancel: {
      Task { await self.cancelStart() }
    }
  }

  // What a cancellation handler guards has to be a method of the actor: the closure itself runs elsewhere.
  private func connected(timeout: Int) async throws {
    let core = try connectedCore()
    try await withCheckedThrowingContinuation { core.start(timeout: timeout, $0) }
  }

  private func cancelStart() { core?.connected(.failure(CancellationError())) }

  /// A number for a call or a registration that is about to be made, by which it can be cancelled.
  nonisolated func reserveNumber() -> Int { numbers.add(1, ordering: .relaxed).newValue }

  /// Runs `body` with what lives on the loop, in one of its turns; bodies run in the order in which they came.
  nonisolated func onLoop(_ body: @escaping @Sendable (WorkerCore) -> Void) {
    executor.run {
      self.assumeIsolated { worker in
        if let core = worker.core { body(core) }
      }
    }
  }

  /// What lives on the loop.
  func connectedCore() throws -> WorkerCore {
    guard let core else { throw ConnectionError(code: InvocationError.notConnected, message: "not started") }
    return core
  }

  /// What the connection is doing.
  public var state: ConnectionState { core?.toldState ?? .disconnected }

  /// A picture of the link, for tests.
  var status: LinkStatus? { core?.link.status }

  /// The states of the connection: the present one at once, then each change, until the worker is shut down.
  ///
  /// Each sequence is one listener, which ends with it. Of one that is not read the last hundred states are kept.
  public var states: AsyncStream<ConnectionState> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: ConnectionState.self, bufferingPolicy: .bufferingNewest(100))
    guard let core else {
      continuation.finish()
      return stream
    }
    let number = core.listen(continuation)
    continuation.onTermination = { [weak self] _ in
      Task { await self?.unlisten(number) }
    }
    return stream
  }

  private func unlisten(_ number: Int) { core?.unlisten(number) }

  /// Lasts as long as the worker. When its task is cancelled, it shuts the worker down, as ``shutdown(timeout:)`` does,
  /// and returns once that is done: so it fits any group of services.
  ///
  /// - Throws: ``ConnectionError`` when the engine refuses the worker for good, or the attempts to connect are used up.
  public func run() async throws {
    try await withTaskCancellationHandler {
      try await self.over()
    } onCancel: {
      Task { await self.shutdown() }
    }
  }

  private func over() async throws {
    guard let core else { return }
    try await withCheckedThrowingContinuation { core.run($0) }
  }

  /// Ends the worker, in any state: takes the functions back, lets handlers that are running finish, sends what waits and
  /// closes the connection. Handlers that need longer are cancelled, and their callers get ``InvocationError/shutdown``,
  /// as do calls of this worker that are in flight. Without effect the second time, but it waits for the first.
  ///
  /// - Parameter timeout: How long the handlers may take, and then the engine, before the connection is dropped.
  public func shutdown(timeout: Duration = .seconds(5)) async {
    guard let core else { return }
    await withCheckedContinuation { core.shutdown(timeout: timeout.milliseconds, $0) }
  }
}
