/// From the arguments of the process to its exit status: parses, and hands over to the command.
enum Program {
  static func run(arguments: [String], environment: [String: String]) -> ExitCode {
    let commandLine: ParsedCommandLine
    do throws(UsageError) {
      commandLine = try ParsedCommandLine(parsing: arguments)
      if commandLine.wantsHelp { return show(HelpText.of(commandLine.command)) }
      switch commandLine.command {
      case .help: return show(try Help.text(commandLine))
      case .version: return show("iiid \(Version.current)\n")
      case .config: return Config.run(commandLine, environment)
      case .serve: return Serve.run(commandLine, environment)
      }
    } catch {
      ThisProcess.complain(error.description)
      return .usage
    }
  }

  private static func show(_ text: String) -> ExitCode {
    ThisProcess.print(text)
    return .success
  }
}
