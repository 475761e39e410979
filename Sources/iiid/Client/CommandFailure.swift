/// Why a command did not do what it was asked for: what it says on standard error, and its exit status.
struct CommandFailure: Error, Equatable {
  /// One line each; none when there is nobody to tell.
  let lines: [String]
  let status: ExitCode

  init(_ lines: [String], _ status: ExitCode) {
    self.lines = lines
    self.status = status
  }

  init(_ line: String, _ status: ExitCode) { self.init([line], status) }
}
