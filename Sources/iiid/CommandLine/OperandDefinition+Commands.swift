extension OperandDefinition {
  static let command = OperandDefinition(
    "COMMAND", isRequired: false, choices: Command.allCases.map(\.rawValue), summary: "which command's")
}
