import III

/// The result of `status` for people: a headline, and a row for each thing.
struct StatusText {
  private static let column = 12
  let status: JSON

  /// - Parameter status: The result as it came.
  init(_ status: JSON) { self.status = status }

  /// As it came, for programs.
  var line: String { "\(status.text)\n" }

  /// Whether the daemon is in the one state in which nothing is wanting.
  var isReady: Bool { status["state"]?.string == "ready" }

  /// The lines.
  var text: String {
    var text = "iiid \(string("version")): \(string("state")), up \(duration(status["uptime_ms"]))\n"
    text += row("engine", engine)
    text += row("functions", Self.counted(status["functions"]))
    text += row("clients", number(status["clients"]))
    text += row("in flight", Self.counted(status["in_flight"]))
    for member in status.members ?? [] where !Self.known.contains(member.name) {
      text += row(member.name, member.value.members == nil ? Self.plain(member.value) : Self.counted(member.value))
    }
    return text
  }

  /// What has words of its own; the rest, of later versions, is shown as it is.
  private static let known = ["version", "state", "uptime_ms", "engine", "functions", "clients", "in_flight"]

  private var engine: String {
    let engine = status["engine"] ?? .null
    let state = engine["state"]?.string ?? "unknown"
    let since = duration(engine["since_ms"])
    var text = "\(state), \(engine["url"]?.string ?? "no address"), for \(since)"
    if let namespace = engine["namespace"]?.string { text += ", namespace \(namespace)" }
    if let worker = engine["worker_id"]?.string { text += ", worker \(worker)" }
    if state != "connected", let attempt = engine["attempt"]?.integer, attempt > 0 { text += ", attempt \(attempt)" }
    if let next = engine["next_retry_ms"] { text += ", next in \(duration(next))" }
    if state != "connected", let error = engine["last_error"]?.string { text += ": \(error)" }
    return text
  }

  /// The members of a member, as `ready, 2 active, 0 pending`: numbers with their names, words alone.
  static func counted(_ value: JSON?) -> String {
    (value?.members ?? []).map { $0.value.string ?? "\($0.value.text) \($0.name)" }.joined(separator: ", ")
  }

  private func row(_ name: String, _ value: String) -> String {
    "  " + name + String(repeating: " ", count: max(1, Self.column - name.count)) + value.printable + "\n"
  }

  private func string(_ name: String) -> String { (status[name]?.string ?? "?").printable }

  private func number(_ value: JSON?) -> String { value?.integer.map(String.init) ?? "?" }

  private func duration(_ value: JSON?) -> String { DurationText.of(milliseconds: value?.integer ?? 0) }

  private static func plain(_ value: JSON) -> String { value.string ?? value.text }
}
