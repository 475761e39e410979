import Testing
import Transport

@testable import III

@Suite struct WorkerLogTests {
  @Test func aMessageIsOneLine() {
    #expect(WorkerLog.line("a\nb\u{1b}[31mc") == #"a\u{a}b\u{1b}[31mc"#)
    let long = WorkerLog.line(String(repeating: "x", count: 10_000))
    #expect(long.utf8.count == 4096 + 3 && long.hasSuffix("…"))
  }

  @Test func moreThanTheLimit_isLeftOutAndCounted() {
    var limit = LogLimit(lines: 2, interval: 10)
    func time(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(milliseconds: milliseconds) }
    let answers = [0, 5, 6, 9, 10, 11, 12, 100].map { limit.admit(time($0)) }
    #expect(answers == [0, 0, nil, nil, 2, 0, nil, 1])
  }

  @Test func framesThatNobodyKnows_areTold_andNewerOnesAreNot() async throws {
    let lines = AsyncStream.makeStream(of: String.self)
    let host = try await EngineHost()
    let worker = try await host.worker { $0.log = WorkerLog { lines.continuation.yield("\($0): \($1)") } }
    _ = try await host.with { engine in
      engine.last?.send(#"{"type":"functionregistered","id":"f","revision":1}"#)
      engine.last?.send(#"{"type":"strange"}"#)
      engine.last?.send("{")
    }
    var told = lines.stream.makeAsyncIterator()
    #expect(await told.next() == "warning: a frame of the type 'strange', which nobody knows, was dropped")
    #expect(await told.next()?.hasPrefix("warning: a frame of the engine was dropped: ") == true)
    await worker.shutdown()
  }
}
