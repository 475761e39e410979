extension OptionDefinition {
  /// The options of `iiid config`: the daemon's, so that their effect shows, and how it is written.
  static let configuration: [OptionDefinition] = serve.filter { $0 != check } + [configurationAsJSON]

  static let configurationAsJSON = OptionDefinition("json", summary: "write JSON instead of a configuration file")
}
