import Glibc

/// The signals that the daemon gets and sends.
enum Signals {
  /// Drain and end.
  static let terminate = SIGTERM
  /// The same, from a terminal.
  static let interrupt = SIGINT
  /// Read the configuration again.
  static let hangUp = SIGHUP
  /// End at once, without being asked.
  static let kill = SIGKILL

  /// Nobody reads what we write; ignored, so that it is an error of the write.
  static let brokenPipe = SIGPIPE

  /// As it is known.
  static func name(_ signal: Int32) -> String {
    switch signal {
    case terminate: "SIGTERM"
    case interrupt: "SIGINT"
    case hangUp: "SIGHUP"
    case kill: "SIGKILL"
    case brokenPipe: "SIGPIPE"
    default: "signal \(signal)"
    }
  }
}
