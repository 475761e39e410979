/// The handlers that run, so that a shutdown can wait for them, and cancel those that take too long.
///
/// Owned by a ``WorkerCore``. A slab: a handler's place is reused once it has ended.
struct InvocationTable {
  /// A call whose handler has not ended.
  struct Entry {
    /// The call, for its answer.
    var invocation: IncomingInvocation
    /// The function's id, a JSON string.
    var token: [UInt8]
    /// What the handler runs in.
    var task: Task<Void, Never>
  }

  private enum Place {
    case free(next: Int)
    case reserved
    case running(Entry)
  }

  private var places: [Place] = []
  private var free = -1
  private var isCancelled = false
  /// How many handlers run.
  private(set) var count = 0

  /// Whether no handler runs.
  var isEmpty: Bool { count == 0 }

  /// A place for a handler that is about to start.
  mutating func reserve() -> Int {
    count += 1
    if free >= 0, case .free(let next) = places[free] {
      let place = free
      free = next
      places[place] = .reserved
      return place
    }
    places.append(.reserved)
    return places.count - 1
  }

  /// The handler at `place` runs.
  mutating func started(_ place: Int, _ entry: Entry) { places[place] = .running(entry) }

  /// The handler at `place` has ended; returns whether all were cancelled before.
  mutating func ended(_ place: Int) -> Bool {
    places[place] = .free(next: free)
    free = place
    count -= 1
    return isCancelled
  }

  /// Cancels every handler, and returns the calls, which want an answer.
  mutating func cancelAll() -> [Entry] {
    isCancelled = true
    var entries: [Entry] = []
    for case .running(let entry) in places {
      entry.task.cancel()
      entries.append(entry)
    }
    return entries
  }
}
