/// Durations for people: the two largest units that say something.
enum DurationText {
  private static let units: [(name: String, size: Int)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000),
  ]

  static func of(milliseconds: Int) -> String {
    guard milliseconds >= 1000 else { return "\(max(0, milliseconds)) ms" }
    var rest = milliseconds
    var parts: [String] = []
    for unit in units {
      let count = rest / unit.size
      rest %= unit.size
      if count > 0 { parts.append("\(count) \(unit.name)") } else if !parts.isEmpty { break }
      if parts.count == 2 { break }
    }
    return parts.joined(separator: " ")
  }
}
