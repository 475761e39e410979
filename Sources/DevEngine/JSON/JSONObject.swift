/// The members of a JSON object, sorted by the bytes of their names, each name once: the form in which a real engine
/// sends an object on.
package struct JSONObject: Equatable, Sendable {
  /// A name and its value.
  package struct Member: Equatable, Sendable {
    package let name: String
    package var value: JSONValue
  }

  /// The members in the order of their names.
  package private(set) var members: [Member] = []

  /// An object without members.
  package init() {}

  /// The object of `members` in any order; of two equal names the last one counts.
  package init(_ members: [Member]) {
    self.members.reserveCapacity(members.count)
    var isSorted = true
    for member in members {
      if let last = self.members.last, !last.name.precedes(member.name) { isSorted = false }
      self.members.append(member)
    }
    if !isSorted { sort() }
  }

  private mutating func sort() {
    let order = members.indices.sorted { left, right in
      if members[left].name.precedes(members[right].name) { return true }
      return left < right && !members[right].name.precedes(members[left].name)
    }
    var sorted: [Member] = []
    sorted.reserveCapacity(members.count)
    for index in order {
      if let last = sorted.last, !last.name.precedes(members[index].name) { sorted.removeLast() }
      sorted.append(members[index])
    }
    members = sorted
  }

  /// The value of the member named `name`; setting nil removes it.
  package subscript(name: String) -> JSONValue? {
    get {
      let index = position(of: name)
      return index < members.count && !name.precedes(members[index].name) ? members[index].value : nil
    }
    set {
      let index = position(of: name)
      let isThere = index < members.count && !name.precedes(members[index].name)
      switch (newValue, isThere) {
      case (let value?, true): members[index].value = value
      case (let value?, false): members.insert(Member(name: name, value: value), at: index)
      case (nil, true): members.remove(at: index)
      case (nil, false): break
      }
    }
  }

  /// The index of the first member whose name does not stand before `name`.
  private func position(of name: String) -> Int {
    var low = 0
    var high = members.count
    while low < high {
      let middle = (low + high) / 2
      if members[middle].name.precedes(name) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral members: (String, JSONValue)...) {
    self.init(members.map { Member(name: $0.0, value: $0.1) })
  }
}
