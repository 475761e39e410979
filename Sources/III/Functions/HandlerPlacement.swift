/// Where the handlers of a worker's functions run.
public enum HandlerPlacement: Sendable {
  /// On Swift's pool of threads, at the same time: a handler may compute, block and take its time.
  case concurrent
  /// On the worker's own thread, each up to its next `await`: for short handlers only. When calls come one at a time, the
  /// two changes of threads that are saved are most of a call's cost.
  ///
  /// A handler that blocks or computes holds up everything else of the worker meanwhile: other calls, answers, and what
  /// keeps the connection alive. The blocking forms of `trigger` throw.
  case workerThread
}
