/// What one worker has registered of one kind, by id, in the order of registration.
///
/// Owned by an ``EngineSession``, which has one each for trigger types, functions and triggers. Entries are snapshots:
/// what a caller changes later does not leak into a replay (engine protocol, section 10, lesson 23).
struct Registry<Entry> {
  /// With a gap for each entry that was taken back.
  private var entries: [(id: String, entry: Entry)?] = []
  private var positions: [String: Int] = [:]

  /// How many there are.
  var count: Int { positions.count }

  /// Whether there is none.
  var isEmpty: Bool { positions.isEmpty }

  /// The entry `id`.
  subscript(id: String) -> Entry? { positions[id].flatMap { entries[$0]?.entry } }

  /// The ids, in the order of registration.
  var ids: [String] { entries.compactMap { $0?.id } }

  /// Adds an entry, or replaces one, which keeps its place.
  mutating func set(_ id: String, _ entry: Entry) {
    if let position = positions[id] {
      entries[position] = (id, entry)
    } else {
      positions[id] = entries.count
      entries.append((id, entry))
    }
  }

  /// Removes an entry, and returns it.
  mutating func remove(_ id: String) -> Entry? {
    guard let position = positions.removeValue(forKey: id) else { return nil }
    let entry = entries[position]?.entry
    entries[position] = nil
    if entries.count > 32, positions.count < entries.count / 2 { compact() }
    return entry
  }

  private mutating func compact() {
    entries.removeAll { $0 == nil }
    for (position, entry) in entries.enumerated() {
      if let entry { positions[entry.id] = position }
    }
  }
}
