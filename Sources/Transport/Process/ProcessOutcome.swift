/// How a process ended.
package enum ProcessOutcome: Equatable, Sendable {
  /// It returned this code.
  case exited(Int32)
  /// This signal ended it.
  case signaled(Int32)
}

extension ProcessOutcome: CustomStringConvertible {
  package var description: String {
    switch self {
    case .exited(let code): "ended with status \(code)"
    case .signaled(let signal): "was ended by signal \(signal)"
    }
  }
}
