import Transport

extension ServeConfiguration {
  /// Notes what is allowed but hardly meant.
  mutating func addWarnings(_ sources: SettingSources) {
    let hasToken = tokenFile != nil || token != nil
    if isDevelopment {
      if origin(of: .engineURL) != .builtIn, !leadsToDevelopmentEngine {
        warnings.append("\(origin(of: .engineURL).asSubject) is not used: --dev brings its own engine")
      }
      if hasToken { warnings.append("the token is not used: the development engine asks for none") }
      if certificateFile != nil {
        warnings.append(
          "the certificates of \(origin(of: .certificateFile)) are not used: the development engine has no TLS")
      }
    } else if !engineURL.isSecure {
      if certificateFile != nil {
        warnings.append(
          "the certificates of \(origin(of: .certificateFile)) are not used: the engine's address is not wss://")
      }
      if hasToken, !engineURL.isLoopback {
        warnings.append("the token crosses the network unencrypted: the engine's address is not wss://")
      }
    }
    for file in sources.files {
      if file.isOpen { warnings.append("\(file.path): every user may write the configuration; chmod o-w \(file.path)") }
      if file.isExposed, case .file(file.path, _) = origin(of: .engineURL), engineURL.hasQuery {
        warnings.append("\(file.path): every user may read the query of the engine's address; chmod o-r \(file.path)")
      }
    }
  }

  /// Whether the address leads to the engine that `--dev` starts anyway, as it does where it is set for other SDKs.
  private var leadsToDevelopmentEngine: Bool { engineURL.isLoopback && Int(engineURL.port) == development.port }
}

extension SettingOrigin {
  /// As it begins a sentence.
  fileprivate var asSubject: String {
    switch self {
    case .environment(let name): name
    case .file: "the engine's address in \(self)"
    case .flag, .builtIn: description
    }
  }
}
