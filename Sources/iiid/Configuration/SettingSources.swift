/// Everything that settings are read from: the command line over the environment over files over the built-in defaults.
struct SettingSources: Sendable {
  let commandLine: ParsedCommandLine
  let environment: [String: String]
  /// The user whom the process runs as.
  let userID: UInt32
  /// The configuration files, of which later ones count more.
  var files: [ConfigurationFile] = []
  /// The credential with the token that the service manager hands over; nil when there is none.
  var credential: String?

  /// A variable of the environment that is set and more than blanks.
  func variable(_ name: String) -> String? {
    guard let value = environment[name], value.utf8.contains(where: { $0 > 0x20 }) else { return nil }
    return value
  }
}
