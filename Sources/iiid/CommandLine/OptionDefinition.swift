/// One option of a command: what the parser accepts, what the help says, and where else its value may come from.
///
/// The rows of ``Command/options``; parsing, help and completions read the same rows.
struct OptionDefinition: Hashable, Sendable {
  /// The long name without its dashes, as `log-level`.
  let name: String
  /// What the help calls its argument, as `URL`; nil for a switch, which takes none.
  let argument: String?
  /// The environment variable that is read when the option is not given.
  let variable: String?
  /// What holds when it is given nowhere, in words; nil when nothing needs to be said.
  let fallback: String?
  /// The only texts that it takes; empty for any.
  let choices: [String]
  /// What it does, in one line of the help.
  let summary: String

  init(
    _ name: String, _ argument: String? = nil, variable: String? = nil, fallback: String? = nil, choices: [String] = [],
    summary: String
  ) {
    self.name = name
    self.argument = argument
    self.variable = variable
    self.fallback = fallback
    self.choices = choices
    self.summary = summary
  }

  /// As it is typed.
  var flag: String { "--\(name)" }
}
