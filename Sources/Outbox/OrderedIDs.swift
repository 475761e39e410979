/// Numbers of entries in ascending order. Adding the largest and taking the smallest, which is what happens nearly always,
/// are O(1).
struct OrderedIDs {
  private var ids: ArraySlice<Int> = []

  var first: Int? { ids.first }
  var count: Int { ids.count }

  /// The numbers from the smallest on.
  var ascending: ArraySlice<Int> { ids }

  mutating func popFirst() -> Int? { ids.popFirst() }

  /// Adds a number that is not there.
  mutating func insert(_ id: Int) {
    if let last = ids.last, last > id { ids.insert(id, at: position(of: id)) } else { ids.append(id) }
  }

  /// Takes a number out, if it is there.
  mutating func remove(_ id: Int) {
    let position = position(of: id)
    if position < ids.endIndex, ids[position] == id { ids.remove(at: position) }
  }

  /// Where the first number stands that is not smaller.
  private func position(of id: Int) -> Int {
    var (low, high) = (ids.startIndex, ids.endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if ids[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
