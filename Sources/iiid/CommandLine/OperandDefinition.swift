/// One argument of a command that is no option: its place is its meaning.
///
/// The rows of ``Command/operands``; parsing, help and completions read the same rows.
struct OperandDefinition: Hashable, Sendable {
  /// What the help calls it, as `FUNCTION`.
  let name: String
  /// Whether the command means nothing without it.
  let isRequired: Bool
  /// The only texts that it takes; empty for any.
  let choices: [String]
  /// What it is, in one line of the help.
  let summary: String

  init(_ name: String, isRequired: Bool = true, choices: [String] = [], summary: String) {
    self.name = name
    self.isRequired = isRequired
    self.choices = choices
    self.summary = summary
  }

  /// As the usage line has it.
  var usage: String { isRequired ? name : "[\(name)]" }
}
