import III
import LocalProtocol

/// `iiid status`.
enum StatusCommand {
  static func run(_ client: Client) throws(CommandFailure) -> ExitCode {
    let deadline = try client.deadline(.answerTimeout, else: 10_000)
    let status = StatusText(try client.connect(until: deadline).ask(Method.status.name, until: deadline))
    try client.print(client.commandLine.contains(.json) ? status.line : status.text)
    return status.isReady ? .success : .failure
  }
}
