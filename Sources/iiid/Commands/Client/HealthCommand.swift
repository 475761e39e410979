import Bytes
import III
import LocalProtocol

/// `iiid health`.
enum HealthCommand {
  static func run(_ client: Client) throws(CommandFailure) -> ExitCode {
    let deadline = try client.deadline(.answerTimeout, else: 10_000)
    let connection = try client.connect(until: deadline)
    let health = HealthText(try connection.ask(Method.health.name, until: deadline))
    if client.commandLine.contains(.json) {
      try client.print(health.line)
    } else {
      var functions: JSON?
      if health.hasRefusals {
        functions = try connection.ask(Method.listFunctions.name, until: deadline) { $0.append("\"local\":true") }
      }
      try client.print(health.text(functions))
    }
    return health.isWell ? .success : .failure
  }
}
