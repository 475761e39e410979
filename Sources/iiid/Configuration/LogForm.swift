/// How lines of the log shall be written.
enum LogForm: String, CaseIterable, Sendable {
  /// As the journal has it when standard error is the journal, else as people read it.
  case auto
  /// With the priority in front.
  case journal
  /// With the time in front.
  case plain
}

extension LogForm {
  /// Nil when it depends on where lines go.
  var format: LogFormat? {
    switch self {
    case .auto: nil
    case .journal: .journal
    case .plain: .plain
    }
  }
}
