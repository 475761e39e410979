import LocalProtocol

/// The configuration as it counts, with where each value comes from: what `iiid config` shows. Holds no secret.
struct ConfigurationListing {
  let configuration: ServeConfiguration

  /// How wide the column of settings is.
  private static let column = 44

  /// As a configuration file that makes the same again: what is a default is a comment.
  var text: String {
    let files = configuration.files.isEmpty ? "none" : configuration.files.joined(separator: ", ")
    var text = "# Files: \(files)\n"
    if configuration.isDevelopment { text += "# --dev: an engine is started, instead of the one at [engine] url\n" }
    for section in SettingDefinition.sections {
      text += "\n[\(section)]\n"
      for row in SettingDefinition.all where row.section == section { text += line(row) }
    }
    return text
  }

  private func line(_ row: SettingDefinition) -> String {
    let origin = configuration.origin(of: row)
    let value = row.kind.text(configuration)
    let isComment = origin == .builtIn || value == nil || isRedacted(row)
    var line = (isComment ? "#" : "") + "\(row.key) =" + (value.map { " \($0)" } ?? "")
    line += String(repeating: " ", count: max(1, Self.column - line.count)) + "; \(origin)"
    if origin == .builtIn, let fallback = row.fallback { line += ": \(fallback)" }
    if isRedacted(row) { line += ", its query is not shown" }
    return line + "\n"
  }

  /// Whether only a part of the value is shown.
  private func isRedacted(_ row: SettingDefinition) -> Bool {
    row.name == SettingDefinition.engineURL.name && configuration.engineURL.hasQuery
  }

  /// The same for programs.
  var report: Report {
    let rows = SettingDefinition.all.filter { $0.section != nil }
    return .object([
      "files": .array(configuration.files.map { .string($0) }),
      "warnings": .array(configuration.warnings.map { .string($0) }),
      "settings": .array(rows.map(report)),
    ])
  }

  private func report(_ row: SettingDefinition) -> Report {
    let origin = configuration.origin(of: row)
    var members: [(String, Report)] = [("key", .string(row.name))]
    if let value = row.kind.text(configuration) { members.append(("value", .string(value))) }
    if isRedacted(row) { members.append(("redacted", true)) }
    switch origin {
    case .flag(let flag): members += [("origin", "flag"), ("flag", .string(flag))]
    case .environment(let name): members += [("origin", "environment"), ("variable", .string(name))]
    case .file(let path, let line): members += [("origin", "file"), ("file", .string(path)), ("line", .integer(line))]
    case .builtIn: members.append(("origin", "default"))
    }
    members.append(("effect", .string(row.effect.rawValue)))
    return .members(members)
  }
}
