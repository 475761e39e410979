extension Command {
  /// How it may end, and when: the rows of the help and of the manual page, by number.
  var exitStatuses: [(status: ExitCode, meaning: String)] {
    switch self {
    case .serve:
      [
        (.success, "ended by SIGTERM or SIGINT, or by iiid shutdown"),
        (.usage, Self.usageMeaning),
        (.unavailable, "another process serves the socket, or the development engine does not start"),
        (.systemError, "the system refused what it never should, or a drain did not end"),
        (.cannotCreate, "the socket cannot be made"),
        (.configuration, "a bad setting, which no restart makes better"),
        (.signal(Signals.terminate), "ended at once by a second signal"),
      ]
    case .config:
      [
        (.success, "shown"),
        (.usage, Self.usageMeaning),
        (.inputOutput, "standard output cannot be written"),
        (.configuration, "a bad setting; all of them are listed"),
      ]
    case .status: [(.success, "ready"), (.failure, "starting, degraded or draining")] + Self.ofClients
    case .health: [(.success, "all is well"), (.failure, "something is wrong")] + Self.ofClients
    case .wait:
      [
        (.success, "what was waited for is there"),
        (.usage, Self.usageMeaning),
        (.unavailable, "the engine has refused the daemon for good"),
        (.notPermitted, "the user may not use the socket"),
        (.configuration, "IIID_SOCKET is no path of a socket"),
        (.timedOut, "not in time"),
      ]
    case .call: Self.ofCall
    case .list: [(.success, "listed")] + Self.ofClients
    case .outbox:
      [(.success, "done"), (.failure, "there is no such call, or the daemon has no outbox")] + Self.ofClients
    case .reload:
      [
        (.success, "read; prints what has changed, if anything"),
        (.failure, "there are mistakes, and nothing has changed"),
      ] + Self.ofClients
    case .shutdown: [(.success, "the daemon has ended, or with --no-wait is about to")] + Self.ofClients
    case .completion, .help, .version:
      [(.success, "shown"), (.usage, Self.usageMeaning), (.inputOutput, "standard output cannot be written")]
    }
  }

  private static let usageMeaning = "the command line means nothing"

  /// What every command that asks the daemon one thing may end with.
  private static let ofClients: [(status: ExitCode, meaning: String)] = [
    (.usage, usageMeaning),
    (.unavailable, "there is no daemon, or its engine is away"),
    (.inputOutput, "standard output cannot be written"),
    (.temporary, "the daemon has reached a limit, or is ending"),
    (.notPermitted, "the user may not use the socket, or not ask for this"),
    (.configuration, "IIID_SOCKET is no path of a socket"),
    (.timedOut, "no answer in time"),
  ]

  /// Those of the table of errors (local protocol, section 9.1), and what else may happen to a call.
  private static let ofCall: [(status: ExitCode, meaning: String)] = [
    (.success, "the value is printed"),
    (.failure, "the function failed, or its worker died"),
    (.badRequest, "PAYLOAD or --metadata is no JSON, or holds what an engine would not take"),
    (.usage, usageMeaning),
    (.tooLarge, "the payload is longer than the daemon takes"),
    (.unavailable, "there is no daemon, or its engine is away: the function may have run"),
    (.software, "a mistake of iiid's own"),
    (.inputOutput, "standard output cannot be written, or standard input not be read"),
    (.temporary, "a limit is reached, a queue is full, or the daemon is ending: later it may work"),
    (.notPermitted, "the engine's access rules forbid it, or the user may not use the socket"),
    (.configuration, "IIID_SOCKET is no path of a socket"),
    (.timedOut, "no value in time"),
    (.notFound, "there is no such function"),
    (.signal(Signals.interrupt), "given up: Ctrl-C"),
  ]
}
