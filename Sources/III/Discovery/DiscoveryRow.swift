/// One row of what an engine tells about itself. Tolerant, because engines differ: a member of another kind counts as
/// missing, and what is not asked for does not matter (engine protocol, sections 5 and 9.2).
struct DiscoveryRow {
  /// The row as it came.
  let json: JSON
  private let members: [String: JSON]

  /// Nil when `json` is no object.
  init?(_ json: JSON) {
    guard let members = json.members else { return nil }
    self.json = json
    self.members = Dictionary(members.map { ($0.name, $0.value) }) { _, last in last }
  }

  /// A text; nil when there is none, or null.
  func string(_ name: String) -> String? { members[name]?.string }

  /// A whole number.
  func integer(_ name: String) -> Int? { members[name]?.integer }

  /// `true` or `false`
  func boolean(_ name: String) -> Bool? { members[name]?.boolean }

  /// Any value but null.
  func value(_ name: String) -> JSON? {
    guard let value = members[name], !value.isNull else { return nil }
    return value
  }

  /// The row in a member.
  func row(_ name: String) -> DiscoveryRow? { members[name].flatMap(DiscoveryRow.init) }

  /// The rows of a list; nil when there is none. What is no object is left out.
  func rows(_ name: String) -> [DiscoveryRow]? { members[name]?.elements?.compactMap(DiscoveryRow.init) }
}
