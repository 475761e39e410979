/// The triggers of one worker: what was refused, and who listens.
///
/// Owned by a ``WorkerCore``; the link has what goes out for them.
struct OwnTriggers {
  private struct Entry {
    var functionID: String
    /// On the present connection.
    var refusal: InvocationError?
    var listeners: [Int: AsyncStream<InvocationError>.Continuation] = [:]
  }

  private var entries: [String: Entry] = [:]

  /// A trigger was registered.
  mutating func insert(_ id: String, functionID: String) { entries[id] = Entry(functionID: functionID) }

  /// A trigger was taken back; false when there was none.
  mutating func remove(_ id: String) -> Bool {
    guard let entry = entries.removeValue(forKey: id) else { return false }
    for listener in entry.listeners.values { listener.finish() }
    return true
  }

  /// A trigger was refused.
  mutating func refuse(_ id: String, _ failure: TriggerFailure) {
    guard let entry = entries[id] else { return }
    let error = InvocationError(code: failure.code, message: failure.message, functionID: entry.functionID)
    entries[id]?.refusal = error
    for listener in entry.listeners.values { listener.yield(error) }
  }

  /// The connection is gone: what was refused will be asked for again on the next.
  mutating func forgetRefusals() {
    for id in entries.keys { entries[id]?.refusal = nil }
  }

  /// Tells `listener` the last refusal of a trigger, and each that comes.
  mutating func listen(to id: String, _ number: Int, _ listener: AsyncStream<InvocationError>.Continuation) {
    guard let entry = entries[id] else { return listener.finish() }
    if let refusal = entry.refusal { listener.yield(refusal) }
    entries[id]?.listeners[number] = listener
  }

  /// Tells the listener of this number no more.
  mutating func unlisten(to id: String, _ number: Int) { entries[id]?.listeners[number] = nil }

  /// The worker is over.
  mutating func removeAll() {
    for id in Array(entries.keys) { _ = remove(id) }
  }
}
