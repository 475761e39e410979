/// What `iii-dev-engine` says on standard output once it can be connected to:
/// `iii-dev-engine listening on ws://127.0.0.1:49134`, and for each listener of its configuration file
/// `iii-dev-engine also listening on ws://127.0.0.1:49135`.
enum DevEngineAnnouncement {
  private static let start = "iii-dev-engine listening on ws://"
  private static let furtherStart = "iii-dev-engine also listening on "

  /// The URL of a further listener that a line of it announces; nil for any other line.
  static func furtherURL(in line: String) -> String? {
    line.hasPrefix(furtherStart) ? String(line.dropFirst(furtherStart.count)) : nil
  }

  /// The port that a line of it announces; nil for any other line.
  static func port(in line: String) -> UInt16? {
    guard line.hasPrefix(start), let colon = line.lastIndex(of: ":") else { return nil }
    let digits = line[line.index(after: colon)...].prefix { $0.isASCII && $0.isNumber }
    guard let port = UInt16(digits), port > 0 else { return nil }
    return port
  }
}
