enum Serve {
  static func run(_ commandLine: ParsedCommandLine, _ environment: [String: String]) -> ExitCode { .success }
}
