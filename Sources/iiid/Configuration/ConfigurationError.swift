/// A setting that cannot be: names where it comes from, what is wrong, and what to do.
struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// One line; never holds a secret.
  let description: String
  /// 64 for a bad value on the command line, 78 for everything else.
  let status: ExitCode

  init(_ description: String, status: ExitCode = .configuration) {
    self.description = description
    self.status = status
  }

  /// A value that is no value of its setting.
  init(_ text: String, from origin: SettingOrigin, _ problem: SettingProblem) {
    let shown = text.utf8.count <= 200 ? text : text.prefix(200) + "…"
    description = "\(origin): '\(shown)': \(problem.reason); \(problem.remedy)"
    if case .flag = origin { status = .usage } else { status = .configuration }
  }
}
