import Glibc
import III
import Synchronization

/// What the program says: one JSON value a line, whole, whichever task says it.
enum Output {
  private static let turn = Mutex(())

  /// Writes one line at once.
  static func tell(_ value: JSON) {
    let bytes = value.utf8 + [UInt8(ascii: "\n")]
    turn.withLock { _ in
      var written = 0
      while written < bytes.count {
        let rest = bytes[written...]
        let count = unsafe rest.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        // Nobody reads any more.
        guard count > 0 else { return }
        written += count
      }
    }
  }

  /// What was thrown, as the other programs under test tell it.
  static func error(_ error: any Error) -> JSON {
    let (code, message, stacktrace): (String?, String, String?) =
      switch error {
      case let error as InvocationError: (error.code, error.message, error.stacktrace)
      case let error as ConnectionError: (error.code, error.message, nil)
      case let error as ChannelError: (error.code.rawValue, error.message, nil)
      default: (nil, "\(error)", nil)
      }
    return [
      "class": JSON("\(type(of: error))"), "code": code.map { JSON($0) } ?? .null, "message": JSON(message),
      "stacktrace": stacktrace.map { JSON($0) } ?? .null,
    ]
  }
}
