extension Command {
  /// How it may end, and when: the rows of the help and of the manual page, by number.
  var exitStatuses: [(status: ExitCode, meaning: String)] {
    switch self {
    case .serve:
      [
        (.success, "ended by SIGTERM or SIGINT"),
        (.usage, "the command line means nothing"),
        (.unavailable, "another process serves the socket, or the development engine does not start"),
        (.systemError, "the system refused what it never should, or a drain did not end"),
        (.cannotCreate, "the socket cannot be made"),
        (.configuration, "a bad setting, which no restart makes better"),
        (.signal(Signals.terminate), "ended at once by a second signal"),
      ]
    case .config:
      [
        (.success, "shown"),
        (.usage, "the command line means nothing"),
        (.configuration, "a bad setting; all of them are listed"),
      ]
    case .help, .version: [(.success, "shown"), (.usage, "the command line means nothing")]
    }
  }
}
