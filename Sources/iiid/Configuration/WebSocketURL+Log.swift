import Transport

extension WebSocketURL {
  /// The address without its query, in which tokens travel: what logs and status texts show.
  var withoutQuery: String {
    var shown = self
    if let sign = target.firstIndex(of: "?") { shown.target = String(target[..<sign]) }
    let text = shown.description
    return shown.target == "/" ? String(text.dropLast()) : text
  }

  /// Whether there is a query, in which tokens travel.
  var hasQuery: Bool { target.utf8.contains(UInt8(ascii: "?")) }

  /// Whether the host is this machine.
  var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}
