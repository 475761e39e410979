/// How much a line of the log matters, least first.
package enum LogLevel: Int, Comparable, CaseIterable, Sendable {
  case debug, info, warning, error

  /// The level of that name; nil for another word.
  package init?(name: String) {
    guard let level = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = level
  }

  /// The word for it on the command line and in the log.
  package var name: String {
    switch self {
    case .debug: "debug"
    case .info: "info"
    case .warning: "warning"
    case .error: "error"
    }
  }

  package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}
