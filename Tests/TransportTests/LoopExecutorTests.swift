import Testing

@testable import Transport

@Suite struct LoopExecutorTests {
  @Test func jobs_runOnTheLoopsThread() async throws {
    let executor = try LoopExecutor()
    let counter = LoopCounter(executor: executor)
    #expect(await counter.isOnLoop())
    #expect(!executor.isOnThread)
    for _ in 0..<100 { await counter.add() }
    #expect(await counter.count == 100)
  }

  @Test func manyTasks_atOnce_allRun() async throws {
    let counter = LoopCounter(executor: try LoopExecutor())
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<1000 { group.addTask { await counter.add() } }
    }
    #expect(await counter.count == 1000)
  }

  @Test func callbackOfTheLoop_entersTheActor_byAssumeIsolated() async throws {
    let counter = LoopCounter(executor: try LoopExecutor())
    await counter.addAfterOneTick()
    #expect(await counter.count == 1)
  }

  /// The last reference goes away on a thread of the pool; what the actor made on the loop is let go on the loop's.
  @Test func lastReference_endsTheThread() async throws {
    let (stream, continuation) = AsyncStream.makeStream(of: Bool.self)
    do {
      let counter = LoopCounter(executor: try LoopExecutor()) { continuation.yield($0) }
      await counter.makeTimer()
    }
    var iterator = stream.makeAsyncIterator()
    let wasOnThread = await iterator.next()
    #expect(wasOnThread == true)
  }

  @Test func loop_isCurrent_onItsThreadOnly() async throws {
    #expect(EventLoop.current == nil)
    let counter = LoopCounter(executor: try LoopExecutor())
    #expect(await counter.hasLoop())
  }
}

private actor LoopCounter {
  private let executor: LoopExecutor
  private let ended: (@Sendable (Bool) -> Void)?
  private(set) var count = 0
  private var timer: Timer?

  init(executor: LoopExecutor, ended: (@Sendable (Bool) -> Void)? = nil) {
    self.executor = executor
    self.ended = ended
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  func add() { count += 1 }

  func isOnLoop() -> Bool { executor.isOnThread }

  func hasLoop() -> Bool { EventLoop.current != nil }

  func makeTimer() {
    guard let loop = EventLoop.current else { return }
    timer = Timer(on: loop) {}
  }

  func addAfterOneTick() async {
    guard let loop = EventLoop.current else { return }
    await withCheckedContinuation { continuation in
      let timer = Timer(on: loop) {
        self.assumeIsolated { $0.tick() }
        continuation.resume()
      }
      timer.start(after: 1)
      self.timer = timer
    }
  }

  private func tick() {
    count += 1
    timer = nil
  }

  isolated deinit { ended?(executor.isOnThread) }
}

/// A class of its own, because a task's executor is no actor's.
@Suite struct LoopTaskExecutorTests {
  @Test func tasks_ofNoActor_runOnTheLoopsThread() async throws {
    let executor = try LoopExecutor()
    let place = LoopTaskExecutor(executor)
    let onThread = await Task.detached(executorPreference: place) {
      var all = executor.isOnThread
      for _ in 0..<100 {
        await Task.yield()
        all = all && executor.isOnThread
      }
      return all
    }.value
    #expect(onThread)
  }

  @Test func endlessTask_leavesTheLoopItsTurns() async throws {
    let executor = try LoopExecutor()
    let counter = LoopCounter(executor: executor)
    let busy = Task.detached(executorPreference: LoopTaskExecutor(executor)) {
      while !Task.isCancelled { await Task.yield() }
    }
    await counter.addAfterOneTick()
    while await counter.count == 0 { await Task.yield() }
    busy.cancel()
    await busy.value
    #expect(await counter.count == 1)
  }
}
