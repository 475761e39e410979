extension OptionDefinition {
  /// The options of `iiid serve`: those of the settings, and where to find more of them.
  static let serve: [OptionDefinition] = SettingDefinition.all.compactMap(\.optionDefinition) + [config, check]

  /// The file with the settings that no option gives.
  static let config = OptionDefinition(
    "config", "FILE", variable: "IIID_CONFIG", fallback: ConfigurationFiles.usualPath,
    summary: "the configuration file; its fragments are FILE.d/*.conf")
  static let check = OptionDefinition("check", summary: "check the whole configuration, and serve nobody")
}
