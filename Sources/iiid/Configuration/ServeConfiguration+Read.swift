extension ServeConfiguration {
  /// So many problems are listed; more help nobody.
  private static let problemLimit = 50

  /// Reads and checks all settings; touches no file.
  ///
  /// - Throws: Everything that is wrong, not only the first of it.
  init(reading sources: SettingSources) throws(ConfigurationError) {
    self.init()
    var problems = Problems()
    for file in sources.files { take(file, &problems) }
    for row in SettingDefinition.all { takeVariable(of: row, sources, &problems) }
    takeToken(sources, &problems)
    for row in SettingDefinition.all { takeOption(of: row, sources, &problems) }
    if origin(of: .socketPath) == .builtIn, problems.isEmpty {
      do throws(ConfigurationError) {
        let socket = try SocketPath.conventional(sources)
        socketPath = socket.value
        origins[SettingDefinition.socketPath.name] = socket.origin
      } catch {
        // With a socket of the service manager's none is needed.
        if error != SocketPath.missing || sources.variable("LISTEN_FDS") == nil { problems.add(error.problems[0]) }
      }
    }
    problems.checkCombinations(sources)
    if idleTimeout <= pingInterval {
      problems.add(
        "[engine] idle_timeout_ms (\(idleTimeout), \(origin(of: .idleTimeout))) has to be longer than ping_interval_ms "
          + "(\(pingInterval), \(origin(of: .pingInterval))), or a silent engine is never asked; change one of them")
    }
    if let error = problems.error { throw error }
    addWarnings(sources)
  }

  /// What is wrong so far.
  fileprivate struct Problems {
    private var texts: [String] = []
    private var more = 0
    private var areOfCommandLine = true

    var isEmpty: Bool { texts.isEmpty }

    mutating func add(_ text: String, ofCommandLine: Bool = false) {
      areOfCommandLine = areOfCommandLine && ofCommandLine
      if texts.count < problemLimit { texts.append(text) } else { more += 1 }
    }

    var error: ConfigurationError? {
      guard !texts.isEmpty else { return nil }
      let last = more > 0 ? ["\(more) more problems of the configuration are not listed"] : []
      return ConfigurationError(texts + last, status: areOfCommandLine ? .usage : .configuration)
    }
  }

  // MARK: - Where values come from, the weakest first

  private mutating func take(_ file: ConfigurationFile, _ problems: inout Problems) {
    files.append(file.path)
    var found = file.problems.map { (line: $0.line, text: $0.text) }
    var lines: [String: Int] = [:]
    for entry in file.entries {
      guard let key = entry.key else {
        if let text = Self.problem(section: entry.section) { found.append((entry.line, text)) }
        continue
      }
      guard entry.section.isEmpty || SettingDefinition.sections.contains(entry.section) else { continue }
      guard let row = SettingDefinition.row(entry.section, key) else {
        found.append((entry.line, Self.problem(section: entry.section, key: key)))
        continue
      }
      if let line = lines[row.name] {
        found.append((entry.line, "[\(entry.section)] \(key): given in line \(line) already; leave one of them"))
        continue
      }
      lines[row.name] = entry.line
      do throws(SettingProblem) {
        guard !entry.value.isEmpty else {
          throw SettingProblem("has no value", remedy: "give one, or make the line a comment")
        }
        try row.kind.set(entry.value, &self)
        origins[row.name] = .file(file.path, line: entry.line)
      } catch {
        let shown = entry.value.isEmpty ? "" : " '\(entry.value)':"
        found.append((entry.line, "[\(entry.section)] \(key):\(shown) \(error)"))
      }
    }
    for (line, text) in found.sorted(by: { $0.line < $1.line }) {
      problems.add(line > 0 ? "\(file.path):\(line): \(text)" : "\(file.path): \(text)")
    }
  }

  /// Why there is no such section; nil when there is.
  private static func problem(section: String) -> String? {
    let known = SettingDefinition.sections
    guard !known.contains(section) else { return nil }
    let hint = NearestName.find(section, among: known).map { "did you mean [\($0)]?" }
    return "[\(section)]: no such section; \(hint ?? "there are \(known.map { "[\($0)]" }.joined(separator: ", "))")"
  }

  /// Why there is no such key.
  private static func problem(section: String, key: String) -> String {
    let rows = SettingDefinition.all.filter { $0.section != nil }
    if section.isEmpty {
      let home = rows.first { $0.key == key }?.section ?? "section"
      return "\(key): stands before the first section; put it under [\(home)]"
    }
    let start = "[\(section)] \(key): no such key; "
    if ["token", "password", "secret", "api_key"].contains(key) {
      return start + "secrets stand in no configuration: put it into a file and name that in [engine] token_file"
    }
    let own = rows.filter { $0.section == section }.map(\.key)
    if let near = NearestName.find(key, among: own) { return start + "did you mean '\(near)'?" }
    if let home = rows.first(where: { $0.key == key })?.section { return start + "it belongs under [\(home)]" }
    return start + "there are \(own.joined(separator: ", "))"
  }

  private mutating func takeVariable(
    of row: SettingDefinition, _ sources: SettingSources, _ problems: inout Problems
  ) {
    // What an option overrules may be meant for other programs, and is not judged.
    guard let name = row.variable, let text = sources.variable(name),
      row.optionDefinition.map(sources.commandLine.contains) != true
    else { return }
    take(text, for: row, from: .environment(name), &problems)
  }

  private mutating func takeOption(of row: SettingDefinition, _ sources: SettingSources, _ problems: inout Problems) {
    guard let option = row.option, let text = sources.commandLine.options[option] else { return }
    if row.name == SettingDefinition.tokenFile.name { token = nil }
    take(text, for: row, from: .flag("--\(option)"), &problems)
  }

  private mutating func take(
    _ text: String, for row: SettingDefinition, from origin: SettingOrigin, _ problems: inout Problems
  ) {
    do throws(SettingProblem) {
      try row.kind.set(text, &self)
      origins[row.name] = origin
    } catch {
      let shown = text.utf8.count <= 200 ? text : text.prefix(200) + "…"
      if case .flag = origin {
        problems.add("\(origin): '\(shown)': \(error)", ofCommandLine: true)
      } else {
        problems.add("\(origin): '\(shown)': \(error)")
      }
    }
  }

  /// The variable `III_TOKEN` counts more than a file's `token_file`, and that more than the service manager's credential.
  private mutating func takeToken(_ sources: SettingSources, _ problems: inout Problems) {
    let name = SettingDefinition.tokenFile.name
    if let option = SettingDefinition.tokenFile.option, sources.commandLine.options[option] != nil { return }
    if let content = sources.variable("III_TOKEN") {
      tokenFile = nil
      origins[name] = .environment("III_TOKEN")
      do throws(SettingProblem) {
        token = try BearerToken(content)
      } catch {
        // Without the value, which is the secret.
        problems.add("environment variable III_TOKEN: \(error)")
      }
    } else if tokenFile == nil, let credential = sources.credential {
      tokenFile = credential
      origins[name] = .environment("CREDENTIALS_DIRECTORY")
    }
  }
}

// MARK: - What does not go together

extension ServeConfiguration.Problems {
  /// Options of the command line that make no sense beside each other.
  fileprivate mutating func checkCombinations(_ sources: SettingSources) {
    let given = sources.commandLine.options
    guard given["dev"] == nil else {
      if given["engine"] != nil {
        add("--dev brings its own engine and excludes --engine; give one of them", ofCommandLine: true)
      }
      return
    }
    for row in SettingDefinition.development {
      guard let option = row.option, given[option] != nil else { continue }
      add("--\(option) is about the engine that --dev starts; give --dev too", ofCommandLine: true)
    }
  }
}
