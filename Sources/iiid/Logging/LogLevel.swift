/// How much a line of the log matters, the least first.
enum LogLevel: String, CaseIterable, Comparable, Sendable {
  /// Of use only to who looks for a fault in the daemon.
  case debug
  /// What happens in ordinary operation.
  case info
  /// Ordinary, but worth to be seen: start, end, a new engine connection.
  case notice
  /// Something is wrong, and was survived.
  case warning
  /// Something that was asked for cannot be done.
  case error

  /// The number that systemd and syslog know it by (`sd-daemon(3)`).
  var priority: UInt8 {
    switch self {
    case .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    }
  }

  // The smaller syslog's number, the more it matters.
  static func < (left: LogLevel, right: LogLevel) -> Bool { left.priority > right.priority }
}
