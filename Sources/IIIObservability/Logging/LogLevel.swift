/// How much a log line matters. The raw value is OTLP's severity number (engine protocol, section 7.4).
package enum LogLevel: Int, Sendable {
  case debug = 5
  case info = 9
  case warning = 13
  case error = 17

  /// OTLP's severity text.
  package var text: String {
    switch self {
    case .debug: "DEBUG"
    case .info: "INFO"
    case .warning: "WARN"
    case .error: "ERROR"
    }
  }
}
