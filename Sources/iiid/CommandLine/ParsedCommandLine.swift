/// What the arguments of the process say, as far as the option table can tell.
struct ParsedCommandLine: Equatable, Sendable {
  /// The command; `serve` when none was named.
  var command: Command
  /// The arguments of options by the options' names; the last one counts. A switch has an empty text.
  var options: [String: String] = [:]
  /// What is no option.
  var operands: [String] = []
  /// Whether `--help` was among the arguments.
  var wantsHelp = false

  /// The argument of an option; nil when it was not given.
  func argument(of option: OptionDefinition) -> String? { options[option.name] }

  /// Whether an option was given.
  func contains(_ option: OptionDefinition) -> Bool { options[option.name] != nil }
}
