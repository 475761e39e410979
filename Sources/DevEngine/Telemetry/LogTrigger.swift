/// The configuration of a binding of the type `log`: the least level that it is told of (engine protocol, section 5.7).
enum LogTrigger {
  /// The numbers of the levels.
  static let severities: [String: Int64] = ["trace": 1, "debug": 5, "info": 9, "warn": 13, "error": 17]

  /// The least number; 0 for all, which is also what no level means. Nil for a level that there is not.
  static func severity(of config: JSONValue) -> Int64? {
    guard let level = config.object?["level"], level != .null else { return 0 }
    guard let name = level.string?.lowercased() else { return nil }
    return name == "all" ? 0 : severities[name]
  }

  /// Refuses a level that there is not.
  static func check(_ config: JSONValue) throws(DecodingFailure) {
    guard severity(of: config) == nil else { return }
    throw DecodingFailure("unknown level in `config`: use all, trace, debug, info, warn or error")
  }
}
