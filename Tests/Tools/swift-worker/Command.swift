import III

/// One line of the input.
struct Command: Sendable {
  /// Comes back with the outcome.
  let number: JSON
  /// What to do; a name of ``Program/commands``.
  let name: String
  private let line: JSON

  /// The command that stands on a line.
  init(_ text: String) throws {
    line = try JSON(parsing: text)
    number = line["n"] ?? .null
    name = line["do"]?.string ?? ""
  }

  /// An argument; nil when there is none, or null.
  subscript(name: String) -> JSON? {
    guard let value = line[name], !value.isNull else { return nil }
    return value
  }

  /// A text that cannot be done without.
  func text(_ name: String) throws -> String {
    guard let text = self[name]?.string else { throw Problem(description: "\(self.name): \(name) is missing") }
    return text
  }
}

/// A command that cannot be carried out.
struct Problem: Error, CustomStringConvertible {
  let description: String
}
