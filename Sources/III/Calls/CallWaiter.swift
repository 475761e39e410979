import Transport

/// Who waits for the outcome of a call: a task, or a thread that is blocked.
enum CallWaiter: Sendable {
  case task(CheckedContinuation<JSON, any Error>)
  case thread(BlockingResult<Result<JSON, any Error>>)

  /// Ends the wait. To be called once.
  func end(_ result: Result<JSON, any Error>) {
    switch self {
    case .task(let continuation): continuation.resume(with: result)
    case .thread(let thread): thread.resolve(result)
    }
  }
}
