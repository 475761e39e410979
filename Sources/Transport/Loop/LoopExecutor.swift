import Synchronization

/// The serial executor of actors that live on an event loop: their jobs run in the loop's turns, on its thread.
///
/// Holds nothing but a wake-up, the jobs and the thread's number, so any thread may hold it. Made together with its
/// thread, which runs an ``EventLoop`` and ends when the executor is let go: after the last actor that has it.
package final class LoopExecutor: SerialExecutor {
  /// Starts a thread that runs a loop, and the jobs of this executor.
  package init() throws(Errno) {
  }

  package func enqueue(_ job: consuming ExecutorJob) {
  }
}
