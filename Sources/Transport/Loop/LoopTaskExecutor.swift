/// The thread of a ``LoopExecutor`` as a place for tasks that belong to no actor.
///
/// They run in the loop's turns, one after the other up to their next suspension, so they must be short.
package final class LoopTaskExecutor: TaskExecutor {
  private let executor: LoopExecutor

  /// Tasks run on the thread of `executor`.
  package init(_ executor: LoopExecutor) { self.executor = executor }

  package func enqueue(_ job: consuming ExecutorJob) { executor.add(.task(UnownedJob(job), self)) }
}
