import CUV
import Glibc
import Synchronization

/// The serial executor of actors that live on an event loop: their jobs run in the loop's turns, on its thread.
///
/// Holds nothing but a wake-up, what waits and the thread's number, so any thread may hold it. Made together with its
/// thread, which runs an ``EventLoop`` and ends when the executor is let go: after the last actor that has it. Such an
/// actor finds the loop as ``EventLoop/current``, enters itself from the loop's callbacks by `assumeIsolated`, and needs
/// an `isolated deinit`, so that what it made on the loop is let go on the loop's thread.
package final class LoopExecutor: SerialExecutor {
  /// What waits for a turn of the loop.
  enum Entry: Sendable {
    case job(UnownedJob)
    case task(UnownedJob, LoopTaskExecutor)
    case body(@Sendable () -> Void)
  }

  private let signal: WakeUpSignal
  private let entries = Mutex<[Entry]>([])
  /// Whether the loop's thread is running what waited: then it looks for more by itself.
  private let isRunning = Atomic<Bool>(false)
  /// What `pthread_self` is on the loop's thread; 0 until it runs.
  private let thread = Atomic<UInt>(0)

  /// Starts a thread that runs a loop, and the jobs of this executor. All signals are blocked on it, so that the
  /// program's own handlers run where they did.
  ///
  /// The corresponding C function is `uv_thread_create`.
  package init() throws(Errno) {
    signal = try WakeUpSignal()
    let loop = try EventLoop()
    let drain = ExecutorThread(loop: loop)
    drain.wakeUp = try WakeUp(on: loop, signal: signal) { [unowned drain] in drain.woken() }
    drain.executor = self
    try drain.start { [weak self] number in self?.thread.store(number, ordering: .releasing) }
  }

  package func enqueue(_ job: consuming ExecutorJob) { add(.job(UnownedJob(job))) }

  /// Runs `body` in a turn of the loop, behind what was enqueued before: for what needs no task.
  package func run(_ body: @escaping @Sendable () -> Void) { add(.body(body)) }

  func add(_ entry: Entry) {
    let isFirst = entries.withLock { entries in
      entries.append(entry)
      return entries.count == 1
    }
    guard isFirst else { return }
    if isOnThread, let loop = EventLoop.current {
      // The loop is awake: no system call is needed.
      if !isRunning.load(ordering: .relaxed) { runAtEndOfTurn(of: loop) }
    } else {
      // One system call for any number of them until the loop takes them.
      signal.send()
    }
  }

  private func runAtEndOfTurn(of loop: EventLoop) {
    loop.atEndOfTurn { [weak self] in self?.runEntries() }
  }

  /// For the `unownedExecutor` of an actor, which has to keep the executor itself.
  @safe package var reference: UnownedSerialExecutor { unsafe asUnownedSerialExecutor() }

  package func checkIsolated() {
    precondition(isOnThread, "not on the thread of the executor's loop")
  }

  package func isIsolatingCurrentContext() -> Bool? { isOnThread }

  /// Whether the caller runs on the loop's thread.
  package var isOnThread: Bool { thread.load(ordering: .acquiring) == UInt(pthread_self()) }

  /// Runs what waits, and what that brings up; whatever goes on and on waits for the next turn.
  func runEntries() {
    isRunning.store(true, ordering: .relaxed)
    for _ in 0..<8 {
      var taken: [Entry] = []
      entries.withLock { swap(&$0, &taken) }
      if taken.isEmpty { break }
      for entry in taken {
        switch entry {
        case .job(let job): unsafe job.runSynchronously(on: asUnownedSerialExecutor())
        case .task(let job, let executor): unsafe job.runSynchronously(on: executor.asUnownedTaskExecutor())
        case .body(let body): body()
        }
      }
    }
    isRunning.store(false, ordering: .relaxed)
    guard let loop = EventLoop.current, !entries.withLock({ $0.isEmpty }) else { return }
    runAtEndOfTurn(of: loop)
  }

  deinit { signal.send() }
}
