/// A function that was registered.
public struct FunctionRef: Sendable {
  /// Its id.
  public let id: String
  private let number: Int
  private let worker: Worker

  init(id: String, number: Int, worker: Worker) {
    self.id = id
    self.number = number
    self.worker = worker
  }

  /// Takes the function back: the engine calls it no more. Calls that run go on. Without effect the second time, also when
  /// another function has the id meanwhile.
  public func unregister() async { await worker.unregisterFunction(id, number) }

  /// What the engine says of the registration: at once when that is known, else as soon as it is; `.pending` when there
  /// is no connection, when nothing came within 5 s, and when the task is cancelled.
  public var registration: FunctionRegistration {
    get async { await worker.registration(of: id, number) }
  }
}
