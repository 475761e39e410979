import III

/// The result of `health` for people: what is wrong, a line each.
struct HealthText {
  private let health: JSON

  /// - Parameter health: The result as it came.
  init(_ health: JSON) { self.health = health }

  /// As it came, for programs.
  var line: String { "\(health.text)\n" }

  /// Whether all is well.
  var isWell: Bool { health["ok"]?.boolean == true }

  /// Whether a function was refused, about which the daemon can tell more.
  var hasRefusals: Bool { (health["checks"]?["registrations"]?.string ?? "ok") != "ok" }

  /// The lines.
  ///
  /// - Parameter functions: The result of `list_functions` with `local`, where functions were refused.
  /// - Returns: A line for each thing that is wrong, else one line.
  func text(_ functions: JSON?) -> String {
    if isWell { return "ok\n" }
    var lines: [String] = []
    for check in health["checks"]?.members ?? [] where check.value.string != "ok" {
      lines.append("\(check.name): \(check.value.string ?? check.value.text)")
    }
    for function in functions?["functions"]?.elements ?? [] where function["state"]?.string == "rejected" {
      lines.append("  \(function["function_id"]?.string ?? "?"): \(function["reason"]?.string ?? "refused")")
    }
    return lines.map { $0.printable + "\n" }.joined()
  }
}
