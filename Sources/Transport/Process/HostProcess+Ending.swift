import Glibc

extension HostProcess {
  /// The signals that ask a program to end.
  package static let endingSignals = [SIGTERM, SIGINT]

  /// Makes a write to a peer that is gone an error instead of the end of the process.
  ///
  /// The corresponding C function is `signal`.
  package static func ignoreBrokenPipes() { _ = signal(SIGPIPE, SIG_IGN) }

  /// Ends the process. The corresponding C function is `exit`.
  package static func exit(_ status: Int32) -> Never { Glibc.exit(status) }
}
