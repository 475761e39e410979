import Transport

extension ServeConfiguration {
  /// The longest token file.
  private static let longestToken = 64 * 1024

  /// Reads and checks all settings, and the files that hold them. Touches the disk, so that it is called before the loop
  /// runs or on another thread.
  static func settings(
    _ commandLine: ParsedCommandLine, _ environment: [String: String]
  ) throws(ConfigurationError) -> ServeConfiguration {
    var sources = SettingSources(commandLine: commandLine, environment: environment, userID: ThisProcess.userID)
    sources.files = ConfigurationFiles(commandLine, environment).read()
    if let folder = sources.variable("CREDENTIALS_DIRECTORY") {
      let credential = "\(folder)/iiid.engine-token"
      if ThisProcess.problemReading(credential) != .noSuchFile { sources.credential = credential }
    }
    return try ServeConfiguration(reading: sources)
  }

  /// As ``settings(_:_:)``, with what the settings name: token, certificates, group.
  static func load(
    _ commandLine: ParsedCommandLine, _ environment: [String: String]
  ) throws(ConfigurationError) -> ServeConfiguration {
    var configuration = try settings(commandLine, environment)
    let problems = configuration.readFiles()
    if !problems.isEmpty { throw ConfigurationError(problems) }
    return configuration
  }

  private mutating func readFiles() -> [String] {
    var problems: [String] = []
    if let path = tokenFile {
      do throws(SmallFileError) {
        takeToken(try SmallFile(path: path, limit: Self.longestToken), of: path, &problems)
      } catch {
        problems.append("\(origin(of: .tokenFile)): \(path): \(error)")
      }
    }
    if let path = certificateFile, let problem = ThisProcess.problemReading(path) {
      problems.append("\(origin(of: .certificateFile)): \(path): \(problem)")
    }
    if let name = socketGroup {
      socketGroupID = UnixSocketFile.group(named: name)
      if socketGroupID == nil { problems.append("\(origin(of: .socketGroup)): there is no group '\(name)'") }
    }
    return problems
  }

  private mutating func takeToken(_ file: SmallFile, of path: String, _ problems: inout [String]) {
    if file.isExposed { warnings.append("\(path): every user may read the token; chmod o-r \(path)") }
    guard let text = String(validating: file.content, as: UTF8.self) else {
      return problems.append("\(path): is no text; put the token there, in one line")
    }
    do throws(SettingProblem) {
      token = try BearerToken(text)
    } catch {
      problems.append("\(path): \(error)")
    }
  }
}
