import Synchronization
import Testing
import Transport

@testable import III

@Suite struct HandlerPlacementTests {
  @Test(arguments: [HandlerPlacement.concurrent, .workerThread])
  func `handlers run where the program says, also behind an await`(_ placement: HandlerPlacement) async throws {
    let host = try await EngineHost()
    let worker = try await host.worker { $0.handlers = placement }
    try await worker.registerFunction("inner") { $0.payload }
    try await worker.registerFunction("outer") { call in
      let before = EventLoop.current != nil
      let answer = try await call.worker.trigger("inner", payload: call.payload)
      await Task.yield()
      return [JSON(before), JSON(EventLoop.current != nil), answer]
    }
    let isOnThread = placement == .workerThread
    let answers = try await withThrowingTaskGroup(of: JSON.self) { group in
      for number in 0..<100 { group.addTask { try await worker.trigger("outer", payload: JSON(number)) } }
      return try await group.reduce(into: [Int: JSON]()) { $0[$1.elements?.last?.integer ?? -1] = $1 }
    }
    for number in 0..<100 {
      #expect(answers[number]?.text == "[\(isOnThread),\(isOnThread),\(number)]")
    }
    await worker.shutdown()
  }

  @Test func `a handler on the worker's thread must not block it`() async throws {
    @Sendable func call(_ worker: Worker) throws -> JSON { try worker.trigger("f") }
    let host = try await EngineHost()
    let worker = try await host.worker {
      $0.handlers = .workerThread
      $0.log = .none
    }
    try await worker.registerFunction("blocks") { try call($0.worker) }
    let error = await WorkerTests.error { _ = try await worker.trigger("blocks") }
    #expect(error?.code == InvocationError.wouldBlock)
    await worker.shutdown()
  }
}
