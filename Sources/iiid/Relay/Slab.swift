/// What a ``Slab`` holds: a record with a value that stands for none.
protocol SlabElement {
  /// What a free slot holds: it owns nothing.
  static var vacant: Self { get }
}

/// Elements in numbered slots, with the freed slots used first: adding, removing and finding are one array access.
struct Slab<Element: SlabElement> {
  /// The element in each slot; a free one is vacant. An element's fields are read and written here, in place: a subscript
  /// of our own would copy the whole element each time.
  var at: [Element] = []
  private var isTaken: [Bool] = []
  private var free: [Int] = []

  /// How many elements there are.
  var count: Int { at.count - free.count }

  /// Adds `element` and returns its slot.
  mutating func insert(_ element: consuming Element) -> Int {
    if let slot = free.popLast() {
      at[slot] = element
      isTaken[slot] = true
      return slot
    }
    at.append(element)
    isTaken.append(true)
    return at.count - 1
  }

  /// Frees a slot; it may be given to another element at once.
  mutating func remove(_ slot: Int) {
    guard isTaken[slot] else { return }
    at[slot] = .vacant
    isTaken[slot] = false
    free.append(slot)
  }

  /// Whether an element is in `slot`.
  func has(_ slot: Int) -> Bool { slot >= 0 && slot < at.count && isTaken[slot] }

  /// The taken slots, in order.
  var slots: [Int] { at.indices.filter { isTaken[$0] } }
}
