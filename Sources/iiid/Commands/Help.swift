/// `iiid help [COMMAND]`.
enum Help {
  static func text(_ commandLine: ParsedCommandLine) throws(UsageError) -> String {
    guard let name = commandLine.operands.first else { return HelpText.overview }
    guard let command = Command(rawValue: name) else { throw .unknownCommand(name) }
    return HelpText.of(command)
  }
}
