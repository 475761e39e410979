/// A list that lets its oldest elements go when there are too many, or too much of them.
struct BoundedList<Element> {
  let maximumCount: Int
  /// How large the elements may be together, in the unit in which they are added.
  let maximumSize: Int
  private var entries: [(element: Element, size: Int)] = []
  /// Where the list begins in `entries`: elements before have gone.
  private var start = 0
  private var size = 0

  init(maximumCount: Int, maximumSize: Int) {
    self.maximumCount = maximumCount
    self.maximumSize = maximumSize
  }

  var count: Int { entries.count - start }

  /// Oldest first.
  var elements: some Sequence<Element> { entries[start...].lazy.map(\.element) }

  mutating func append(_ element: Element, size: Int) {
    entries.append((element, size))
    self.size += size
    while count > maximumCount || (self.size > maximumSize && count > 1) { removeFirst() }
  }

  /// Lets the oldest elements go as long as `isGone` says so.
  mutating func removePrefix(while isGone: (Element) -> Bool) {
    while start < entries.count, isGone(entries[start].element) { removeFirst() }
  }

  mutating func removeAll() { self = BoundedList(maximumCount: maximumCount, maximumSize: maximumSize) }

  private mutating func removeFirst() {
    size -= entries[start].size
    start += 1
    guard start > maximumCount || start == entries.count else { return }
    entries.removeFirst(start)
    start = 0
  }
}
