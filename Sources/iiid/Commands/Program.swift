/// From the arguments of the process to its exit status: parses, and hands over to the command.
enum Program {
  static func run(arguments: [String], environment: [String: String]) -> ExitCode {
    let commandLine: ParsedCommandLine
    do throws(UsageError) {
      commandLine = try ParsedCommandLine(parsing: arguments)
      if commandLine.wantsHelp { return CommandOutput.show(HelpText.of(commandLine.command)) }
      func client(_ command: (Client) throws(CommandFailure) -> ExitCode) -> ExitCode {
        Client.run(commandLine, environment, command)
      }
      switch commandLine.command {
      case .help: return CommandOutput.show(try Help.text(commandLine))
      case .version: return CommandOutput.show("iiid \(Version.current)\n")
      case .config: return Config.run(commandLine, environment)
      case .completion: return CommandOutput.show(CompletionCommand.text(commandLine))
      case .serve: return Serve.run(commandLine, environment)
      case .status: return client(StatusCommand.run)
      case .health: return client(HealthCommand.run)
      case .wait: return client(WaitCommand.run)
      case .call: return client(CallCommand.run)
      case .list: return client(ListCommand.run)
      case .outbox: return client(OutboxCommand.run)
      case .reload: return client(ReloadCommand.run)
      case .shutdown: return client(ShutdownCommand.run)
      }
    } catch {
      ThisProcess.complain(error.description)
      return .usage
    }
  }
}
