/// Everything that settings are read from: the command line over the environment over the built-in default.
struct SettingSources: Sendable {
  let commandLine: ParsedCommandLine
  let environment: [String: String]
  /// The user whom the process runs as.
  let userID: UInt32

  /// The text that counts for an option, and its origin; nil when nobody gave one. An empty variable says nothing.
  func text(of option: OptionDefinition) -> Setting<String>? {
    if let argument = commandLine.argument(of: option) { return Setting(argument, from: .flag(option.flag)) }
    if let name = option.variable, let value = variable(name) { return Setting(value, from: .environment(name)) }
    return nil
  }

  /// A variable of the environment that is set and not empty.
  func variable(_ name: String) -> String? {
    guard let value = environment[name], !value.isEmpty else { return nil }
    return value
  }

  /// The value of an option, read by `parse`; nil when nobody gave one.
  func setting<Value>(
    _ option: OptionDefinition, _ parse: (String) throws(SettingProblem) -> Value
  ) throws(ConfigurationError) -> Setting<Value>? {
    guard let text = text(of: option) else { return nil }
    do throws(SettingProblem) {
      return Setting(try parse(text.value), from: text.origin)
    } catch {
      throw ConfigurationError(text.value, from: text.origin, error)
    }
  }

  /// The value of an option that is a whole number in `range`.
  func number(
    _ option: OptionDefinition, in range: ClosedRange<Int>, else fallback: Int
  ) throws(ConfigurationError) -> Setting<Int> {
    let remedy = "give a whole number from \(range.lowerBound) to \(range.upperBound)"
    let parsed = try setting(option) { (text: String) throws(SettingProblem) in
      let isDecimal = text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      guard isDecimal, let number = Int(text) else { throw SettingProblem("not a number", remedy: remedy) }
      guard range.contains(number) else { throw SettingProblem("out of range", remedy: remedy) }
      return number
    }
    return parsed ?? Setting(fallback, from: .builtIn)
  }
}
