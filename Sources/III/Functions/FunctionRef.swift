/// A function that was registered.
public struct FunctionRef: Sendable {
  /// Its id.
  public let id: String
  private let worker: Worker

  init(id: String, worker: Worker) {
    self.id = id
    self.worker = worker
  }

  /// Takes the function back: the engine calls it no more. Without effect the second time.
  public func unregister() async { await worker.unregisterFunction(id) }
}
