/// The functions of one worker in the order of their registration, with what goes out for each and what is known.
///
/// Owned by an ``EngineSession``. Definitions are snapshots: what a caller changes later does not leak into a replay
/// (engine protocol, section 10, lesson 23).
struct FunctionRegistry {
  /// One registered function.
  struct Entry: Equatable {
    /// The function's id.
    var id: String
    /// The further members of its frame, without braces.
    var definition: [UInt8]
    /// What is known about it on the present connection.
    var state: RegistrationState
  }

  /// With a gap for each function that was taken back.
  private var entries: [Entry?] = []
  private var positions: [String: Int] = [:]

  /// How many functions are registered.
  var count: Int { positions.count }

  /// The function `id`.
  subscript(id: String) -> Entry? { positions[id].flatMap { entries[$0] } }

  /// The ids, in the order of registration.
  var ids: [String] { entries.compactMap { $0?.id } }

  /// Adds a function, or replaces the definition of one, which keeps its place; its state is `pending`.
  mutating func set(_ id: String, definition: [UInt8]) {
    let entry = Entry(id: id, definition: definition, state: .pending)
    if let position = positions[id] {
      entries[position] = entry
    } else {
      positions[id] = entries.count
      entries.append(entry)
    }
  }

  /// Removes a function; false when it was not there.
  mutating func remove(_ id: String) -> Bool {
    guard let position = positions.removeValue(forKey: id) else { return false }
    entries[position] = nil
    if entries.count > 32, positions.count < entries.count / 2 { compact() }
    return true
  }

  /// Notes what is known about a function; false when it is not registered or that is nothing new.
  mutating func note(_ id: String, _ state: RegistrationState) -> Bool {
    guard let position = positions[id], entries[position]?.state != state else { return false }
    entries[position]?.state = state
    return true
  }

  private mutating func compact() {
    entries.removeAll { $0 == nil }
    for (position, entry) in entries.enumerated() {
      if let entry { positions[entry.id] = position }
    }
  }
}
