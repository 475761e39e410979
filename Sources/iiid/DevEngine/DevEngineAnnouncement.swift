/// What `iii-dev-engine` says on standard output once it can be connected to:
/// `iii-dev-engine listening on ws://127.0.0.1:49134`.
enum DevEngineAnnouncement {
  private static let start = "iii-dev-engine listening on ws://"

  /// The port that a line of it announces; nil for any other line.
  static func port(in line: String) -> UInt16? {
    guard line.hasPrefix(start), let colon = line.lastIndex(of: ":") else { return nil }
    let digits = line[line.index(after: colon)...].prefix { $0.isASCII && $0.isNumber }
    guard let port = UInt16(digits), port > 0 else { return nil }
    return port
  }
}
