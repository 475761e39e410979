/// What `iiid` can be told to do: its first argument.
///
/// What each takes and means stands in ``options``, ``operands``, ``details`` and ``exitStatuses``.
enum Command: String, CaseIterable, Sendable {
  /// The daemon; also what `iiid` without a command is.
  case serve
  /// The settings that count.
  case config
  /// The help of `iiid` or of one of its commands.
  case help
  /// Name and version.
  case version

  /// What it does, in one line of the help.
  var summary: String {
    switch self {
    case .serve: "serve local programs on a Unix socket, as one worker of an engine"
    case .config: "show the settings that the daemon would run with, and where each comes from"
    case .help: "show this help, or the help of a command"
    case .version: "show the version"
    }
  }

  /// The options that it takes, beside `--help`, in the order of the help.
  var options: [OptionDefinition] {
    switch self {
    case .serve: OptionDefinition.serve
    case .config: OptionDefinition.configuration
    case .help, .version: []
    }
  }

  /// What it takes beside options, in order.
  var operands: [OperandDefinition] {
    switch self {
    case .help: [.command]
    case .serve, .config, .version: []
    }
  }
}
