import Foundation
import Synchronization
import Testing
import Transport

@testable import III

/// The forms of a call: what each returns, and the blocking ones.
@Suite struct TriggerFormsTests {
  /// What `body` returns or throws on a thread that no task runs on.
  static func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
  }

  @Test func blockingForms_returnWhatTheOthersReturn() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    let voids = AsyncStream.makeStream(of: JSON.self)
    try await worker.registerFunction("double") { call in JSON((call.payload.integer ?? 0) * 2) }
    try await worker.registerFunction("void") { call in
      voids.continuation.yield(call.payload)
      return nil
    }
    let value = try await Self.blocking { try worker.trigger("double", payload: 21) }
    #expect(value.integer == 42)
    let receipt = try await Self.blocking { try worker.trigger("double", action: .enqueue(queue: "jobs")) }
    #expect(receipt.messageReceiptID == "r1")
    try await Self.blocking { try worker.trigger("void", payload: "v", action: .void) }
    var seen = voids.stream.makeAsyncIterator()
    #expect(await seen.next()?.string == "v")
    do {
      _ = try await Self.blocking { try worker.trigger("nobody") }
      Issue.record("answered")
    } catch { #expect((error as? InvocationError)?.code == InvocationError.functionNotFound) }
    await worker.shutdown()
  }

  @Test func blockingForm_onALoopsThread_isRefused() async throws {
    let worker = try await EngineHost().worker()
    let code = try await worker.codeOfABlockingCall()
    #expect(code == InvocationError.wouldBlock)
    await worker.shutdown()
  }

  @Test func requestsAsValues_returnWhatTheirActionSays() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    try await worker.registerFunction("echo") { $0.payload }
    var request = TriggerRequest("echo", payload: [1])
    request.metadata = ["a": 1]
    #expect(try await worker.trigger(request).text == "[1]")
    let receipt = try await worker.trigger(TriggerRequest("echo", action: TriggerAction.enqueue(queue: "q")))
    #expect(receipt == (try EnqueueResult(["messageReceiptId": "r1"])))
    try await worker.trigger(TriggerRequest("echo", action: TriggerAction.void()))
    await worker.shutdown()
  }

  @Test func typedForms_encodeAndDecode() async throws {
    struct Numbers: Codable { var values: [Int] }
    struct Sum: Decodable { var sum: Int }
    let host = try await EngineHost()
    let worker = try await host.worker()
    try await worker.registerFunction("sum") { call in
      ["sum": JSON((call.payload["values"]?.elements ?? []).reduce(0) { $0 + ($1.integer ?? 0) })]
    }
    let sum = try await worker.trigger("sum", payload: Numbers(values: [1, 2, 3]), returning: Sum.self)
    #expect(sum.sum == 6)
    let blocking = try await Self.blocking {
      try worker.trigger("sum", payload: Numbers(values: [4]), returning: Sum.self).sum
    }
    #expect(blocking == 4)
    await #expect(throws: DecodingError.self) {
      _ = try await worker.trigger("sum", payload: Numbers(values: []), returning: Numbers.self)
    }
    await worker.shutdown()
  }

  @Test func argumentsThatCannotBeSent_areRefusedAtOnce() async throws {
    let worker = try await EngineHost().worker()
    let blank = await WorkerTests.error { try await worker.trigger("f", action: .enqueue(queue: " ")) }
    #expect(blank?.code == InvocationError.invalidArgument)
    let large = JSON(valid: [UInt8](repeating: UInt8(ascii: "1"), count: CallRequest.limit + 1))
    let tooLarge = await WorkerTests.error { try await worker.trigger("f", payload: large) }
    #expect(tooLarge?.code == InvocationError.payloadTooLarge)
    await worker.shutdown()
  }

  @Test func aReceiptWithoutAnID_isAnError() {
    #expect(throws: InvocationError.self) { try EnqueueResult(["messageReceiptId": 1]) }
  }

  @Test func aTaskThatWasCancelledBefore_leavesNothingBehind() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    _ = try await host.with { $0.routes = false }
    for _ in 0..<100 {
      let task = Task {
        unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
        return try await worker.trigger("f", timeout: .seconds(600))
      }
      await #expect(throws: CancellationError.self) { _ = try await task.value }
    }
    #expect(await worker.status?.callsInFlight == 0)
    #expect(await worker.callCount == 0)
    await worker.shutdown()
  }
}

extension Worker {
  /// The code of the error that a blocking call on the loop's thread ends with.
  func codeOfABlockingCall() throws -> String? { Self.code { try trigger("f") } }

  private static func code(_ body: () throws -> JSON) -> String? {
    do {
      _ = try body()
      return nil
    } catch { return (error as? InvocationError)?.code }
  }

  /// How many calls somebody waits for.
  var callCount: Int { core?.calls.count ?? 0 }
}
