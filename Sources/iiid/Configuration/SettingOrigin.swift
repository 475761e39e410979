/// Where a value of the configuration comes from, the strongest first.
enum SettingOrigin: Equatable, Sendable {
  /// An option of the command line, with its dashes.
  case flag(String)
  /// A variable of the environment.
  case environment(String)
  /// A line of a file.
  case file(String, line: Int)
  /// Nobody said anything.
  case builtIn
}

extension SettingOrigin: CustomStringConvertible {
  var description: String {
    switch self {
    case .flag(let flag): flag
    case .environment(let variable): "environment variable \(variable)"
    case .file(let path, let line): "\(path):\(line)"
    case .builtIn: "built-in default"
    }
  }
}
