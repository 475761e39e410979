/// Settings that cannot be: names of each where it comes from, what is wrong, and what to do.
struct ConfigurationError: Error, Equatable, Sendable {
  /// One line for each problem; none holds a secret. Never empty.
  let problems: [String]
  /// 64 when only the command line is to blame, 78 for everything else.
  let status: ExitCode

  init(_ problems: [String], status: ExitCode = .configuration) {
    self.problems = problems
    self.status = status
  }

  init(_ problem: String, status: ExitCode = .configuration) { self.init([problem], status: status) }
}

extension ConfigurationError: CustomStringConvertible {
  /// One line: the first problem, and how many more there are.
  var description: String {
    let more = problems.count - 1
    return problems[0] + (more > 0 ? " (and \(more) more \(more == 1 ? "problem" : "problems"))" : "")
  }
}
