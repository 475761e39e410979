/// What `iiid` can be told to do: its first argument.
enum Command: String, CaseIterable, Sendable {
  /// The daemon; also what `iiid` without a command is.
  case serve
  /// The help of `iiid` or of one of its commands.
  case help
  /// Name and version.
  case version

  /// What it does, in one line of the help.
  var summary: String {
    switch self {
    case .serve: "serve local programs on a Unix socket, as one worker of an engine"
    case .help: "show this help, or the help of a command"
    case .version: "show the version"
    }
  }

  /// What its operands are called in the help; nil when it takes none.
  var operand: String? {
    switch self {
    case .help: "COMMAND"
    case .serve, .version: nil
    }
  }

  /// The options that it takes, beside `--help`, in the order of the help.
  var options: [OptionDefinition] {
    switch self {
    case .serve: OptionDefinition.serve
    case .help, .version: []
    }
  }
}
