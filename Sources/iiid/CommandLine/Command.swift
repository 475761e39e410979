/// What `iiid` can be told to do: its first argument.
///
/// What each takes and means stands in ``options``, ``operands``, ``details`` and ``exitStatuses``.
enum Command: String, CaseIterable, Sendable {
  /// The daemon; also what `iiid` without a command is.
  case serve
  /// The settings that count.
  case config
  /// How the daemon is, for people.
  case status
  /// Whether all is well, for probes.
  case health
  /// Waits until something is there, for scripts.
  case wait
  /// Calls a function.
  case call
  /// Lists what there is.
  case list
  /// Shows and changes what waits on disk for the engine.
  case outbox
  /// Lets the daemon read its configuration again.
  case reload
  /// Ends the daemon.
  case shutdown
  /// Prints a completion script.
  case completion
  /// The help of `iiid` or of one of its commands.
  case help
  /// Name and version.
  case version

  /// What it does, in one line of the help.
  var summary: String {
    switch self {
    case .serve: "serve local programs on a Unix socket, as one worker of an engine"
    case .config: "show the settings that the daemon would run with, and where each comes from"
    case .status: "show how the daemon, its engine and its clients are"
    case .health: "tell whether all is well, by the exit status"
    case .wait: "wait until the daemon answers, its engine is connected or a function is there"
    case .call: "call a function and print its value"
    case .list: "list functions, workers or triggers"
    case .outbox: "list, retry or drop the calls that the daemon keeps on disk"
    case .reload: "let the daemon read its configuration again"
    case .shutdown: "end the daemon, when what is in flight is done"
    case .completion: "print a script that lets a shell complete the arguments of iiid"
    case .help: "show this help, or the help of a command"
    case .version: "show the version"
    }
  }

  /// The options that it takes, beside `--help`, in the order of the help.
  var options: [OptionDefinition] {
    switch self {
    case .serve: OptionDefinition.serve
    case .config: OptionDefinition.configuration
    case .status, .health: OptionDefinition.asking
    case .wait: OptionDefinition.wait
    case .call: OptionDefinition.call
    case .list: OptionDefinition.list
    case .outbox: OptionDefinition.outbox
    case .reload: OptionDefinition.reload
    case .shutdown: OptionDefinition.shutdown
    case .completion, .help, .version: []
    }
  }

  /// What it takes beside options, in order.
  var operands: [OperandDefinition] {
    switch self {
    case .call: [.function, .payload]
    case .list: [.listing]
    case .outbox: [.outboxAction, .outboxID]
    case .completion: [.shell]
    case .help: [.command]
    case .serve, .config, .status, .health, .wait, .reload, .shutdown, .version: []
    }
  }
}
