/// What a client asked for in its opening handshake, for the server that decides about it.
public struct HandshakeRequest: Equatable, Sendable {
  /// Always `GET`.
  public let method: String
  /// The path as it was written, percent escapes included; starts with a slash.
  public let path: String
  /// What stood behind the question mark, as it was written; empty when there was none.
  public let query: String
  /// All header lines in their order.
  public let headers: [HTTPHeader]

  /// The value of the first header called `name`, without regard to case.
  public func header(_ name: String) -> String? { headers.first { $0.name.equalsIgnoringCase(name) }?.value }

  /// The request of a checked head; nil when its target is neither a path nor an absolute form.
  init?(_ line: HTTPHead.RequestLine, headers: [HTTPHeader]) {
    guard let target = Self.originForm(line.target), !target.utf8.contains(UInt8(ascii: "#")) else { return nil }
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    self.method = line.method
    self.path = String(parts[0])
    self.query = parts.count == 2 ? String(parts[1]) : ""
    self.headers = headers
  }

  /// Path and query of a target that may be absolute. RFC 9112, section 3.2.2.
  private static func originForm(_ target: String) -> String? {
    if target.hasPrefix("/") { return target }
    guard let scheme = ["http://", "https://", "ws://", "wss://"].first(where: target.hasPrefix) else { return nil }
    let rest = target.dropFirst(scheme.count)
    guard let end = rest.firstIndex(where: { $0 == "/" || $0 == "?" }) else { return rest.isEmpty ? nil : "/" }
    guard end > rest.startIndex else { return nil }
    return rest[end] == "/" ? String(rest[end...]) : "/" + rest[end...]
  }
}
