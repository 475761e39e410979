import DevEngine
import Transport

/// What the command line asks for.
enum Invocation: Equatable {
  case run(ServerOptions, LogLevel, endsWithInput: Bool)
  case help
  case version

  /// Reads the arguments behind the program's name: `--option value` or `--option=value`.
  init(_ arguments: [String]) throws(UsageError) {
    var options = ServerOptions()
    var level = LogLevel.info
    var endsWithInput = false
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard let option = OptionDefinition.all.first(where: { $0.flag == parts[0] }) else {
        throw UsageError("unknown argument '\(argument)'")
      }
      let value: String? = parts.count > 1 ? parts[1] : option.argument == nil ? nil : rest.popFirst()
      guard (value == nil) == (option.argument == nil) else {
        throw UsageError(
          option.argument.map { "\(option.flag) needs a value: \($0)" } ?? "\(option.flag) takes no value")
      }
      switch (option.flag, value ?? "") {
      case ("--host", let host): options.listeners[0].host = host
      case ("--port", let text): options.listeners[0].port = try Self.number(text, of: option)
      case ("--config", let path): options.listeners.append(contentsOf: try Self.listeners(in: path))
      case ("--grace-ms", let text): options.engine.graceMilliseconds = Int(try Self.number(text, of: option) as UInt32)
      case ("--queue", let text):
        guard let queue = EngineOptions.Queue(rawValue: text) else { throw .value(text, option) }
        options.engine.queue = queue
      case ("--compat", let text):
        guard let named = Compatibility(version: text) else { throw .value(text, option) }
        options.engine.compatibility = named
      case ("--http-port", let text): options.httpPort = try Self.number(text, of: option)
      case ("--http-functions", let text):
        guard let rule = HTTPFunctionRule(rawValue: text) else { throw .value(text, option) }
        options.engine.httpFunctions = rule
      case ("--test-hooks", _): options.engine.testHooks = true
      case ("--exit-with-stdin", _): endsWithInput = true
      case ("--log-level", let text):
        guard let named = LogLevel(name: text) else { throw .value(text, option) }
        level = named
      case ("--version", _):
        self = .version
        return
      default:
        self = .help
        return
      }
    }
    self = .run(options, level, endsWithInput: endsWithInput)
  }

  /// The most bytes of a configuration file.
  private static let configurationLimit = 1 << 20

  private static func listeners(in path: String) throws(UsageError) -> [ListenerOptions] {
    let bytes: [UInt8]
    do throws(FileContent.Failure) {
      bytes = try FileContent.read(path, limit: configurationLimit)
    } catch {
      throw UsageError("--config: \(path): \(error)")
    }
    do throws(ConfigurationProblem) {
      return try ConfigurationFile.listeners(in: bytes.span)
    } catch {
      throw UsageError("--config: \(path): \(error)")
    }
  }

  private static func number<Number: FixedWidthInteger>(
    _ text: String, of option: OptionDefinition
  ) throws(UsageError) -> Number {
    guard let number = Number(text), text.utf8.first != UInt8(ascii: "+") else { throw .value(text, option) }
    return number
  }
}
