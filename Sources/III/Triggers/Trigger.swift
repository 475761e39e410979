/// A trigger that was registered. It comes back by itself on every later connection.
public struct Trigger: Sendable {
  /// Its id, a UUID.
  public let id: String
  /// Its type.
  public let triggerType: String
  /// The function that is called when it fires.
  public let functionID: String
  private let worker: Worker

  init(id: String, triggerType: String, functionID: String, worker: Worker) {
    self.id = id
    self.triggerType = triggerType
    self.functionID = functionID
    self.worker = worker
  }

  /// Takes the trigger back: its provider hears of it, and it fires no more. Without effect the second time.
  public func unregister() async { await worker.unregisterTrigger(id) }

  /// Every refusal, by the type's provider or by the engine: the last one of the present connection at once, then each
  /// that comes, until the trigger is taken back or the worker is shut down.
  ///
  /// An engine tells only of what went wrong, whenever that is: a provider may be slow, may come later, and is asked
  /// anew on each of its connections and each of ours. A refused trigger stays registered, and becomes active as soon as a
  /// provider takes it (engine protocol, section 4.2). The codes are the provider's, `trigger_registration_failed` when
  /// it has none; or the engine's, as `FORBIDDEN`. Engines before 0.16 tell nothing.
  public var refusals: AsyncStream<InvocationError> {
    // Whoever does not look for long misses the older ones.
    let (stream, listener) = AsyncStream.makeStream(of: InvocationError.self, bufferingPolicy: .bufferingNewest(16))
    let number = worker.reserveNumber()
    listener.onTermination = { [weak worker, id] _ in
      worker?.onLoop { $0.ownTriggers.unlisten(to: id, number) }
    }
    worker.onLoop { [id] core in core.ownTriggers.listen(to: id, number, listener) }
    return stream
  }
}
