/// A command line that means nothing: said on standard error, with exit status 64.
struct UsageError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong, and where to look it up.
  let description: String

  init(_ problem: String, about command: Command? = nil) {
    let help = command.map { "iiid help \($0.rawValue)" } ?? "iiid help"
    description = "\(problem) (see '\(help)')"
  }

  static func unknownCommand(_ text: String) -> UsageError {
    let known = Command.allCases.map(\.rawValue)
    return UsageError("unknown command '\(text)'\(NearestName.hint(text, among: known))")
  }

  static func unknownOption(_ flag: String, _ command: Command) -> UsageError {
    let known = command.options.map(\.flag) + ["--help"]
    return UsageError(
      "unknown option '\(flag)' of \(command.rawValue)\(NearestName.hint(flag, among: known))", about: command)
  }

  static func missingOperand(_ operand: OperandDefinition, _ command: Command) -> UsageError {
    let choices = operand.choices.isEmpty ? "" : ": one of " + operand.choices.joined(separator: ", ")
    return UsageError("\(command.rawValue) needs \(operand.name)\(choices)", about: command)
  }

  static func unknownChoice(_ text: String, of operand: OperandDefinition, _ command: Command) -> UsageError {
    let known = operand.choices.joined(separator: ", ")
    return UsageError(
      "\(command.rawValue): \(operand.name) is one of \(known), not '\(text)'\(NearestName.hint(text, among: operand.choices))",
      about: command)
  }
}
