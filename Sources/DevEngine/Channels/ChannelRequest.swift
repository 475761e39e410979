import WebSocket

/// What somebody who connects to a channel asks for: `/ws/channels/{id}?key=…&dir=read|write` (engine protocol, section 6).
struct ChannelRequest: Equatable {
  let channelID: String
  let accessKey: String
  let direction: ChannelDirection

  private static let prefix = "/ws/channels/"

  /// Whether a path is that of a channel.
  static func isChannel(path: String) -> Bool {
    guard path.utf8.starts(with: prefix.utf8) else { return false }
    let id = path.utf8.dropFirst(prefix.utf8.count)
    return !id.isEmpty && !id.contains(UInt8(ascii: "/"))
  }

  /// Reads a channel's path and its query; nil when `key` or `dir` is missing, comes twice, or `dir` is neither of the two.
  /// Other names in the query are ignored: a client keeps those of its engine's URL.
  init?(path: String, query: String) {
    var accessKey: String?
    var direction: ChannelDirection?
    for field in query.split(separator: "&") {
      let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count > 1 ? String(percentDecoding: parts[1], plusIsSpace: true) : ""
      switch String(percentDecoding: parts[0], plusIsSpace: true) {
      case "key":
        guard accessKey == nil else { return nil }
        accessKey = value
      case "dir":
        guard direction == nil, let named = ChannelDirection(rawValue: value) else { return nil }
        direction = named
      default: break
      }
    }
    guard let accessKey, let direction else { return nil }
    let id = path[...].utf8.dropFirst(Self.prefix.utf8.count)
    channelID = String(percentDecoding: Substring(id), plusIsSpace: false)
    self.accessKey = accessKey
    self.direction = direction
  }
}
