import Transport

/// Why the daemon does not come to serve.
struct StartFailure: Error {
  /// One line for the log and for `systemctl status`.
  let description: String
  let code: ExitCode
  /// The lines that are logged: more than one when many settings are wrong.
  let lines: [String]
  /// The system's error, when it was one.
  var error: Errno?

  init(_ description: String, _ code: ExitCode, error: Errno? = nil) {
    self.description = description
    lines = [description]
    self.code = code
    self.error = error
  }

  /// A setting that cannot be.
  init(_ error: ConfigurationError) {
    description = error.description
    code = error.status
    lines = error.problems
  }

  /// A socket that cannot be listened on. When another process has it, its number is told.
  init(_ error: ListenerError) {
    switch error {
    case .inUse(let path):
      let process = UnixSocketFile.listeningProcess(at: path).map { " (process \($0))" } ?? ""
      self.init(
        "\(path): another process\(process) serves this socket; stop it, or give another --socket", .unavailable,
        error: .addressInUse)
    case .system(_, let cause): self.init("\(error)", .cannotCreate, error: cause)
    case .pathTooLong, .notASocket, .notListening, .address: self.init("\(error)", .cannotCreate)
    }
  }
}
