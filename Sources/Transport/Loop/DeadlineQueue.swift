/// Deadlines of things that are named by small numbers (the slots of a slab), earliest first.
///
/// Owned by whoever owns the things, with one ``Timer`` set to ``earliest``. A binary heap that knows where each token
/// stands: inserting, moving and removing one are O(log n), and a removed deadline leaves nothing behind.
package struct DeadlineQueue {
  private struct Entry {
    var time: MonotonicTime
    var token: Int
  }

  private var heap: [Entry] = []
  /// Where each token stands in the heap; −1 for those that are not in it.
  private var positions: [Int] = []

  /// An empty queue.
  package init() {}

  /// How many tokens have a deadline.
  package var count: Int { heap.count }

  /// Whether no token has a deadline.
  package var isEmpty: Bool { heap.isEmpty }

  /// The earliest deadline.
  package var earliest: MonotonicTime? { heap.first?.time }

  /// The deadline of `token`, if it has one.
  package func deadline(of token: Int) -> MonotonicTime? {
    guard let position = position(of: token) else { return nil }
    return heap[position].time
  }

  /// Gives `token` (0 or more, small) a deadline, instead of the one that it had.
  package mutating func insert(token: Int, at time: MonotonicTime) {
    precondition(token >= 0, "a token is a small natural number")
    if let position = position(of: token) {
      heap[position].time = time
      settle(position)
      return
    }
    while positions.count <= token { positions.append(-1) }
    heap.append(Entry(time: time, token: token))
    positions[token] = heap.count - 1
    rise(heap.count - 1)
  }

  /// Takes the deadline of `token` away.
  ///
  /// - Returns: Whether it had one.
  @discardableResult
  package mutating func remove(token: Int) -> Bool {
    guard let position = position(of: token) else { return false }
    remove(at: position)
    return true
  }

  /// Takes off the token with the earliest deadline when that is not after `now`.
  package mutating func popExpired(now: MonotonicTime) -> Int? {
    guard let first = heap.first, first.time <= now else { return nil }
    remove(at: 0)
    return first.token
  }

  private func position(of token: Int) -> Int? {
    guard positions.indices.contains(token), positions[token] >= 0 else { return nil }
    return positions[token]
  }

  private mutating func remove(at position: Int) {
    positions[heap[position].token] = -1
    let last = heap.removeLast()
    if position == heap.count { return }
    heap[position] = last
    positions[last.token] = position
    settle(position)
  }

  private mutating func settle(_ position: Int) {
    if !rise(position) { sink(position) }
  }

  @discardableResult
  private mutating func rise(_ start: Int) -> Bool {
    var position = start
    let entry = heap[start]
    while position > 0 {
      let parent = (position - 1) / 2
      if heap[parent].time <= entry.time { break }
      place(heap[parent], at: position)
      position = parent
    }
    place(entry, at: position)
    return position != start
  }

  private mutating func sink(_ start: Int) {
    var position = start
    let entry = heap[start]
    while true {
      var child = 2 * position + 1
      if child >= heap.count { break }
      if child + 1 < heap.count, heap[child + 1].time < heap[child].time { child += 1 }
      if entry.time <= heap[child].time { break }
      place(heap[child], at: position)
      position = child
    }
    place(entry, at: position)
  }

  private mutating func place(_ entry: Entry, at position: Int) {
    heap[position] = entry
    positions[entry.token] = position
  }
}
