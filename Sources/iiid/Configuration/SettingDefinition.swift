/// One setting of the daemon: a row of the table that files, environment, command line, help, `iiid config` and reload
/// are read from.
struct SettingDefinition: Sendable {
  /// The section of its key, as `engine`; nil when only the command line knows it.
  let section: String?
  /// Its key in the section.
  let key: String
  /// What values it takes.
  let kind: SettingKind
  /// The environment variable that counts more than the files.
  let variable: String?
  /// The option of `iiid serve` that counts most, without its dashes.
  let option: String?
  /// What holds when it is given nowhere, where that is no value that could be written down.
  let fallback: String?
  /// What it does, in one line.
  let summary: String
  /// When a change counts.
  let effect: SettingEffect

  init(
    _ section: String?, _ key: String, _ kind: SettingKind, variable: String? = nil, option: String? = nil,
    fallback: String? = nil, effect: SettingEffect = .restart, _ summary: String
  ) {
    self.section = section
    self.key = key
    self.kind = kind
    self.variable = variable
    self.option = option
    self.fallback = fallback
    self.summary = summary
    self.effect = effect
  }

  /// As it is written of: `engine.url`.
  var name: String { section.map { "\($0).\(key)" } ?? key }

  /// What holds when it is given nowhere; nil when nothing needs to be said.
  var fallbackText: String? { fallback ?? (kind.argument == nil ? nil : kind.text(ServeConfiguration())) }

  /// Its row in the table of options; nil when it has none.
  var optionDefinition: OptionDefinition? {
    option.map {
      OptionDefinition(
        $0, kind.argument, variable: variable, fallback: fallbackText, choices: kind.choices, summary: summary)
    }
  }
}

extension SettingDefinition {
  /// Every setting, in the order in which they are shown.
  static let all: [SettingDefinition] =
    engine + development + socket + limits + outboxLimits + outbox + policy + drain + log

  /// The sections, in the order of their first rows.
  static let sections: [String] = all.reduce(into: []) { sections, row in
    if let section = row.section, !sections.contains(section) { sections.append(section) }
  }

  /// The row of a key; nil when there is none.
  static func row(_ section: String, _ key: String) -> SettingDefinition? {
    all.first { $0.section == section && $0.key == key }
  }
}
