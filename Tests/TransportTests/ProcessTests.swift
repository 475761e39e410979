import Glibc
import Testing

@testable import Transport

@Suite struct ChildProcessTests {
  let loop: EventLoop

  init() throws { loop = try EventLoop() }

  private func start(
    _ script: String, environment: [String]? = nil, _ exited: @escaping (ProcessOutcome) -> Void
  ) throws -> ChildProcess {
    try ChildProcess(on: loop, executable: "/bin/sh", arguments: ["-c", script], environment: environment, exited)
  }

  @Test func exitStatus_isTold() throws {
    var status: ProcessOutcome?
    let child = try start("exit 7") { status = $0 }
    #expect(child.isRunning)
    run(loop) { status != nil }
    #expect(status == .exited(7))
    #expect(!child.isRunning)
    loop.close()
  }

  @Test func signal_isTold() throws {
    var status: ProcessOutcome?
    let child = try start("read x") { status = $0 }
    child.kill(SIGKILL)
    run(loop) { status != nil }
    #expect(status == .signaled(SIGKILL))
    loop.close()
  }

  @Test func environment_isTheGivenOne() throws {
    var status: ProcessOutcome?
    let child = try start("test \"$A\" = 'b c' && test -z \"$HOME\"", environment: ["A=b c"]) { status = $0 }
    run(loop) { status != nil }
    #expect(status == .exited(0))
    #expect(!child.isRunning)
    loop.close()
  }

  /// What happens when this process is killed: the kernel closes the pipe.
  @Test func close_endsTheChildsInput() throws {
    let child = try start("cat; exit 3") { _ in Issue.record("told after close()") }
    child.close()
    run(loop) { !child.isRunning }
    // Waited for: it has left no zombie.
    #expect(kill(child.processID, 0) == -1)
    loop.close()
  }

  @Test func programThatIsMissing_isAnError() throws {
    #expect(throws: Errno.noSuchFile) {
      try ChildProcess(on: loop, executable: "/nowhere/program", arguments: []) { _ in }
    }
    loop.close()
  }
}

@Suite struct RandomPoolTests {
  @Test func words_differ() {
    var pool = RandomPool()
    var seen: Set<UInt64> = []
    // More than one filling.
    for _ in 0..<2000 { seen.insert(pool.next()) }
    #expect(seen.count == 2000)
    let bytes = pool.nextBytes()
    #expect(bytes.count == 16)
  }
}

@Suite struct ErrnoTests {
  @Test func description_hasWordsAndName() {
    #expect(Errno.connectionRefused.description == "connection refused (ECONNREFUSED)")
  }
}
