/// The engine that `--dev` starts as a child.
struct DevelopmentEngine: Equatable, Sendable {
  /// The versions that it can behave like, as its own command line calls them.
  static let versions = ["0.23", "0.13"]

  /// Its port on 127.0.0.1; 0 for any free one.
  var port = Int(ServeConfiguration.enginePort)
  /// Where it serves the trigger type `http`; 0 for any free port, nil for nowhere.
  var httpPort: Int?
  /// The file that says where it listens further, with which access rules; nil for nowhere.
  var configurationFile: String?
  /// The engine version that it behaves like; nil for its own choice.
  var version: String?

  /// What it is started with, to listen on `port`.
  func arguments(port: Int) -> [String] {
    // It is on loopback, for whoever develops here: functions over HTTP are mostly on loopback too.
    var arguments = ["--port", "\(port)", "--exit-with-stdin", "--queue", "memory", "--http-functions", "any"]
    if let httpPort { arguments += ["--http-port", "\(httpPort)"] }
    if let configurationFile { arguments += ["--config", configurationFile] }
    if let version { arguments += ["--compat", version] }
    return arguments
  }
}
