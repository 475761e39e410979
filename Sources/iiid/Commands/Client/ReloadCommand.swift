import III

/// `iiid reload`.
enum ReloadCommand {
  static func run(_ client: Client) throws(CommandFailure) -> ExitCode {
    let deadline = try client.deadline(.answerTimeout, else: 10_000)
    let connection = try client.connect(until: deadline)
    _ = try connection.send("reload", until: deadline)
    switch try connection.answer(until: deadline) {
    case .success(let value):
      let reload = ReloadText((try? JSON(parsing: value)) ?? .null)
      try client.print(client.commandLine.contains(.json) ? reload.line : reload.text)
      return .success
    case .failure(let error): throw ReloadText.failure(error)
    }
  }
}
