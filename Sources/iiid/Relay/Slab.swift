/// Elements in numbered slots, with the freed slots used first: adding, removing and finding are one array access.
struct Slab<Element> {
  private var elements: [Element?] = []
  private var free: [Int] = []

  /// How many elements there are.
  var count: Int { elements.count - free.count }

  /// Adds `element` and returns its slot.
  mutating func insert(_ element: Element) -> Int {
    if let slot = free.popLast() {
      elements[slot] = element
      return slot
    }
    elements.append(element)
    return elements.count - 1
  }

  /// Takes the element out of its slot; the slot may be given to another one at once.
  @discardableResult
  mutating func remove(_ slot: Int) -> Element? {
    guard let element = elements[slot] else { return nil }
    elements[slot] = nil
    free.append(slot)
    return element
  }

  /// The element in `slot`, which must be one that ``insert(_:)`` returned; nil once it was removed.
  subscript(slot: Int) -> Element? {
    _read { yield elements[slot] }
    _modify { yield &elements[slot] }
  }

  /// The occupied slots, in order.
  var slots: [Int] { elements.indices.filter { elements[$0] != nil } }
}
