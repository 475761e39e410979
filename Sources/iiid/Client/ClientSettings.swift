/// What the commands read from the command line and, where an option says so, from the environment. The daemon's
/// configuration file is the daemon's, and may not even be readable.
struct ClientSettings {
  let commandLine: ParsedCommandLine
  let environment: [String: String]

  /// A variable of the environment that is set and not empty.
  func variable(_ name: String) -> String? {
    guard let value = environment[name], !value.isEmpty else { return nil }
    return value
  }

  /// The text of an option, or of its variable.
  func text(of option: OptionDefinition) -> String? {
    commandLine.argument(of: option) ?? option.variable.flatMap(variable)
  }

  /// The value of an option, or of its variable, as `parse` reads it.
  ///
  /// - Parameters:
  ///   - option: Which option.
  ///   - parse: Reads the text.
  /// - Returns: The value; nil when nobody gave one.
  /// - Throws: What is wrong with it: 64 for the command line, 78 for the environment.
  func value<Value>(
    of option: OptionDefinition, _ parse: (String) throws(SettingProblem) -> Value
  ) throws(CommandFailure) -> Value? {
    guard let text = text(of: option) else { return nil }
    do throws(SettingProblem) {
      return try parse(text)
    } catch {
      let isArgument = commandLine.contains(option)
      let origin = isArgument ? option.flag : "environment variable \(option.variable ?? "")"
      let shown = text.utf8.count <= 200 ? text : text.prefix(200) + "…"
      throw CommandFailure(
        "\(origin): '\(shown)': \(error.reason); \(error.remedy)", isArgument ? .usage : .configuration)
    }
  }

  /// The value of an option that is a duration in milliseconds.
  ///
  /// - Parameters:
  ///   - option: Which option.
  ///   - least: The shortest that it takes.
  ///   - fallback: What holds when nobody gave one.
  /// - Returns: Milliseconds.
  /// - Throws: What is wrong with it.
  func milliseconds(
    _ option: OptionDefinition, from least: Int = 0, else fallback: Int
  ) throws(CommandFailure) -> Int {
    let value = try value(of: option) { (text: String) throws(SettingProblem) in
      let remedy = "give a whole number from \(least) to \(Int32.max), which is milliseconds"
      guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
        throw SettingProblem("not a number", remedy: remedy)
      }
      guard let number = Int32(text), number >= least else { throw SettingProblem("out of range", remedy: remedy) }
      return Int(number)
    }
    return value ?? fallback
  }
}
