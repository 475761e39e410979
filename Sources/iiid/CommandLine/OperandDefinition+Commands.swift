extension OperandDefinition {
  static let command = OperandDefinition(
    "COMMAND", isRequired: false, choices: Command.allCases.map(\.rawValue), summary: "which command's")
  static let function = OperandDefinition("FUNCTION", summary: "the id of the function, as billing::charge")
  static let payload = OperandDefinition(
    "PAYLOAD", isRequired: false, summary: "what it gets, any JSON value; - reads it from standard input (else null)")
  static let listing = OperandDefinition("WHAT", choices: Listing.allCases.map(\.rawValue), summary: "what to list")
  static let outboxAction = OperandDefinition(
    "ACTION", choices: OutboxAction.allCases.map(\.rawValue), summary: "what to do")
  static let outboxID = OperandDefinition(
    "ID", isRequired: false, summary: "which call, as outbox list has it (else all that are not tried any more)")
  static let shell = OperandDefinition("SHELL", choices: Shell.allCases.map(\.rawValue), summary: "which shell")
}
