import Transport

extension ServeConfiguration {
  /// Reads and checks all settings; touches no file.
  init(reading sources: SettingSources) throws(ConfigurationError) {
    engine = try Self.engine(sources)
    name = try Self.text(.name, sources)
    namespace = try Self.text(.namespace, sources)
    token = try Self.token(sources)
    certificateFile = try Self.text(.caFile, sources)
    isolation = Setting(
      sources.variable("III_ISOLATION"),
      from: sources.variable("III_ISOLATION") == nil ? .builtIn : .environment("III_ISOLATION"))
    socketPath = try SocketPath.resolve(sources)
    socketGroup = try Self.text(.socketGroup, sources)
    connectionLimit = try sources.number(.maxConnections, in: 1...10_000, else: 512)
    connectionLimitPerUser = try sources.number(.maxConnectionsPerUser, in: 1...10_000, else: 64)
    lineLimit = try sources.number(.maxLineBytes, in: 4096...(256 << 20), else: 16 << 20)
    drainTimeout = try sources.number(.drainTimeout, in: 0...3_600_000, else: 30_000)
    logLevel = try Self.logLevel(sources)
    warnings = warningsOfCombinations(sources)
  }

  private static func engine(_ sources: SettingSources) throws(ConfigurationError) -> Setting<EngineTarget> {
    let commandLine = sources.commandLine
    if commandLine.contains(.dev) {
      if commandLine.contains(.engine) {
        throw ConfigurationError("--dev brings its own engine and excludes --engine; give one of them", status: .usage)
      }
      return Setting(.development(try developmentEngine(sources)), from: .flag(OptionDefinition.dev.flag))
    }
    for option in [OptionDefinition.devPort, .devHTTPPort, .devConfig, .devCompat]
    where commandLine.contains(option) {
      throw ConfigurationError("\(option.flag) is about the engine that --dev starts; give --dev too", status: .usage)
    }
    let given = try sources.setting(.engine) { (text: String) throws(SettingProblem) in
      do throws(WebSocketURLError) {
        return EngineTarget.existing(try WebSocketURL(text))
      } catch {
        throw SettingProblem("\(error)", remedy: "give an address like ws://127.0.0.1:49134 or wss://engine.example")
      }
    }
    let usual = WebSocketURL(isSecure: false, host: "127.0.0.1", port: EngineTarget.defaultPort)
    return given ?? Setting(.existing(usual), from: .builtIn)
  }

  private static func developmentEngine(_ sources: SettingSources) throws(ConfigurationError) -> DevelopmentEngine {
    let port = try sources.number(.devPort, in: 0...65535, else: Int(EngineTarget.defaultPort))
    let version = try sources.setting(.devCompat) { (text: String) throws(SettingProblem) in
      guard DevelopmentEngine.versions.contains(text) else {
        let versions = DevelopmentEngine.versions.joined(separator: ", ")
        throw SettingProblem("no version of it", remedy: "give one of \(versions)")
      }
      return text
    }
    let httpPort =
      sources.commandLine.contains(.devHTTPPort)
      ? UInt16(try sources.number(.devHTTPPort, in: 0...65535, else: 0).value) : nil
    return DevelopmentEngine(
      port: UInt16(port.value), httpPort: httpPort, configurationFile: try text(.devConfig, sources).value,
      version: version?.value)
  }

  /// A name or a path: anything without control characters.
  private static func text(
    _ option: OptionDefinition, _ sources: SettingSources
  ) throws(ConfigurationError) -> Setting<String?> {
    let given = try sources.setting(option) { (text: String) throws(SettingProblem) -> String? in
      guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
        throw SettingProblem("holds a control character", remedy: "leave it out")
      }
      guard text.utf8.allSatisfy({ $0 == 0x20 }) else { return text }
      // A variable of blanks is one that somebody meant to be empty; on the command line nobody needs to write that.
      if sources.commandLine.contains(option) { throw SettingProblem("is blank", remedy: "leave it out or fill it in") }
      return nil
    }
    return given ?? Setting(nil, from: .builtIn)
  }

  private static func token(_ sources: SettingSources) throws(ConfigurationError) -> Setting<TokenSource?> {
    let file = try text(.tokenFile, sources)
    if let path = file.value { return Setting(.file(path), from: file.origin) }
    guard let content = sources.variable("III_TOKEN"), content.utf8.contains(where: { $0 > 0x20 }) else {
      return Setting(nil, from: .builtIn)
    }
    let origin = SettingOrigin.environment("III_TOKEN")
    do throws(SettingProblem) {
      return Setting(.text(try BearerToken(content)), from: origin)
    } catch {
      // Without the value, which is the secret.
      throw ConfigurationError("\(origin): \(error.reason); \(error.remedy)")
    }
  }

  private static func logLevel(_ sources: SettingSources) throws(ConfigurationError) -> Setting<LogLevel> {
    let given = try sources.setting(.logLevel) { (text: String) throws(SettingProblem) in
      guard let level = LogLevel(rawValue: text) else {
        let levels = LogLevel.allCases.map(\.rawValue).joined(separator: ", ")
        throw SettingProblem("no log level", remedy: "give one of \(levels)")
      }
      return level
    }
    return given ?? Setting(.info, from: .builtIn)
  }

  private func warningsOfCombinations(_ sources: SettingSources) -> [String] {
    var warnings: [String] = []
    switch engine.value {
    case .development(let engine):
      if let other = sources.variable("III_URL"), !isAddress(other, ofDevelopmentEngineAt: engine.port) {
        warnings.append("III_URL is not used: --dev brings its own engine")
      }
      if token.value != nil { warnings.append("the token is not used: the development engine asks for none") }
      if certificateFile.value != nil { warnings.append("--ca-file is not used: the development engine has no TLS") }
    case .existing(let url) where !url.isSecure:
      if certificateFile.value != nil { warnings.append("--ca-file is not used: the engine's address is not wss://") }
      if token.value != nil, !url.isLoopback {
        warnings.append("the token crosses the network unencrypted: the engine's address is not wss://")
      }
    case .existing: break
    }
    return warnings
  }

  /// Whether `text` leads to the engine that `--dev` starts anyway, as it does where it is set for other SDKs.
  private func isAddress(_ text: String, ofDevelopmentEngineAt port: UInt16) -> Bool {
    guard let url = try? WebSocketURL(text) else { return false }
    return url.isLoopback && url.port == port
  }
}
