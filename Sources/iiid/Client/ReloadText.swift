import III

/// The result of `reload`, and its error, for people.
struct ReloadText {
  private let result: JSON

  /// - Parameter result: The result as it came.
  init(_ result: JSON) { self.result = result }

  /// As it came, for programs.
  var line: String { "\(result.text)\n" }

  /// What has changed, a line each.
  var text: String {
    let changes = result["changed"]?.elements ?? []
    guard !changes.isEmpty else { return "nothing has changed\n" }
    return changes.map { Self.line($0).printable + "\n" }.joined()
  }

  /// `limits.connections: 512 -> 100`. What is secret or was not set has no value to show.
  private static func line(_ change: JSON) -> String {
    guard let key = change["key"]?.string else { return change.string ?? change.text }
    var line = key
    switch (value(change["from"]), value(change["to"])) {
    case (let old?, let new?): line += ": \(old) -> \(new)"
    case (nil, let new?): line += ": \(new)"
    case (let old?, nil): line += ": no longer \(old)"
    case (nil, nil): line += ": changed"
    }
    switch change["effect"]?.string {
    case "reconnect"?: line += " (the connection to the engine is made anew)"
    case "restart"?: line += " (needs a restart)"
    default: break
    }
    return line
  }

  private static func value(_ value: JSON?) -> String? { value.map { $0.string ?? $0.text } }

  /// Every mistake that the daemon has found, a line each.
  static func failure(_ error: DaemonError) -> CommandFailure {
    let problems = error.json["data"]?["problems"]?.elements ?? []
    guard !problems.isEmpty else { return error.failure }
    return CommandFailure(problems.map { $0.string ?? $0.text } + ["nothing has changed"], error.status)
  }
}
