import Transport

/// The calls that wait for a connection, in the order in which they were made.
///
/// Owned by a ``WorkerCore``. Bounded in calls and in bytes; what does not fit is refused, not dropped. Pure: time is an
/// argument.
struct WaitingCalls {
  /// One call that waits.
  struct Entry {
    /// What its caller cancels it by.
    var number: Int
    var request: CallRequest
    /// When nobody waits for it any more; `distantFuture` for one that nobody answers.
    var deadline: MonotonicTime
  }

  private let callLimit: Int
  private let byteLimit: Int
  private var entries: [Entry] = []
  private var size = 0

  /// Room for at most `callLimit` calls of `byteLimit` bytes together.
  init(callLimit: Int = 1000, byteLimit: Int = 8 << 20) {
    self.callLimit = callLimit
    self.byteLimit = byteLimit
  }

  /// How many calls wait.
  var count: Int { entries.count }

  /// When the first one's time is over; `distantFuture` when none's ever is.
  var earliest: MonotonicTime { entries.lazy.map(\.deadline).min() ?? .distantFuture }

  /// Adds a call behind the others; false when there is no room.
  mutating func append(_ entry: Entry) -> Bool {
    guard entries.count < callLimit, size + entry.request.text.count <= byteLimit else { return false }
    size += entry.request.text.count
    entries.append(entry)
    return true
  }

  /// Takes out the call of this number, whose caller has given up.
  mutating func remove(_ number: Int) {
    guard let index = entries.firstIndex(where: { $0.number == number }) else { return }
    size -= entries.remove(at: index).request.text.count
  }

  /// Takes out the calls whose time is over.
  mutating func takeExpired(_ now: MonotonicTime) -> [Entry] {
    let expired = entries.filter { $0.deadline <= now }
    guard !expired.isEmpty else { return [] }
    entries.removeAll { $0.deadline <= now }
    for entry in expired { size -= entry.request.text.count }
    return expired
  }

  /// Takes out all calls, in order.
  mutating func takeAll() -> [Entry] {
    size = 0
    defer { entries = [] }
    return entries
  }
}
