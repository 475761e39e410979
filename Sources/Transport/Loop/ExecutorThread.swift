import CUV
import Glibc

/// What the thread of a ``LoopExecutor`` owns: the loop, and the way to the executor as long as that lives.
///
/// Made by the executor's maker, handed to the thread with all that it holds, and from then on touched there only.
@safe final class ExecutorThread {
  private let loop: EventLoop
  private var started: ((UInt) -> Void)?
  var wakeUp: WakeUp?
  /// Weak, so that the last actor's end is the thread's end.
  weak var executor: LoopExecutor?

  init(loop: EventLoop) { self.loop = loop }

  /// Starts the thread; `started` gets its number, on the thread, before anything else runs.
  func start(_ started: @escaping (UInt) -> Void) throws(Errno) {
    self.started = started
    var thread = uv_thread_t()
    let argument = unsafe Unmanaged.passRetained(self).toOpaque()
    let code = unsafe uv_thread_create(
      &thread,
      { argument in
        guard let argument = unsafe argument else { return }
        unsafe Unmanaged<ExecutorThread>.fromOpaque(argument).takeRetainedValue().run()
      }, argument)
    if code < 0 {
      unsafe Unmanaged<ExecutorThread>.fromOpaque(argument).release()
      throw Errno(code: -code)
    }
    // Nobody can wait for it: the last reference to the executor may go away on the thread itself.
    pthread_detach(thread)
  }

  func woken() {
    guard let executor else { return loop.stop() }
    executor.runEntries()
  }

  private func run() {
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
    EventLoop.current = loop
    started?(UInt(pthread_self()))
    started = nil
    loop.run()
    EventLoop.current = nil
    wakeUp?.close()
    loop.close()
  }
}
