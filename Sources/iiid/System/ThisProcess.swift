import Glibc
import Transport

/// What the process was given and how it ends: environment, user, standard output, exit.
enum ThisProcess {
  /// The environment at this moment; of equal names the first counts, as for `getenv`.
  static var environment: [String: String] {
    var variables: [String: String] = [:]
    var next = unsafe environ
    while let entry = unsafe next.pointee {
      let text = unsafe String(cString: entry)
      if let sign = text.firstIndex(of: "="), sign != text.startIndex {
        let name = String(text[..<sign])
        if variables[name] == nil { variables[name] = String(text[text.index(after: sign)...]) }
      }
      unsafe next += 1
    }
    return variables
  }

  /// The arguments behind the program's name. One that is not UTF-8 is refused: its repaired form would be another text.
  static func arguments() throws(UsageError) -> [String] {
    var arguments: [String] = []
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let pointer = unsafe CommandLine.unsafeArgv[index], let text = unsafe String(validatingCString: pointer)
      else { throw UsageError("argument \(index) is not UTF-8") }
      arguments.append(text)
    }
    return arguments
  }

  /// Puts `/dev/null` in the place of standard streams that were closed, so that nothing we open takes their numbers.
  ///
  /// The corresponding C functions are `fcntl` and `open`.
  static func fillStandardStreams() {
    for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) == -1 {
      _ = unsafe open("/dev/null", O_RDWR)
    }
  }

  /// The effective user. The corresponding C function is `geteuid`.
  static var userID: UInt32 { geteuid() }

  /// The process's number. The corresponding C function is `getpid`.
  static var processID: Int32 { getpid() }

  /// Makes a write to a peer that is gone an error instead of the end of the process.
  static func ignoreBrokenPipes() { _ = signal(SIGPIPE, SIG_IGN) }

  /// Writes a line for people to standard error, as `iiid: message`.
  static func complain(_ message: String) { StandardError().write("iiid: \(message)\n".utf8.span) }

  /// Ends the process. The corresponding C function is `exit`.
  static func exit(_ status: ExitCode) -> Never { Glibc.exit(status.rawValue) }
}

extension ThisProcess {
  /// The machine's name, as `localhost` when it has none. The corresponding C function is `gethostname`.
  static var hostName: String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
    let name = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return name.isEmpty ? "localhost" : name
  }

  /// Allows as many descriptors as the hard limit does: the soft one is low for the sake of programs that use `select`.
  ///
  /// The corresponding C function is `setrlimit`.
  static func raiseDescriptorLimit() {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  /// Whether `path` can be opened for reading; nil when it can.
  ///
  /// The corresponding C function is `access`.
  static func problemReading(_ path: String) -> Errno? {
    unsafe access(path, R_OK) == 0 ? nil : Errno(code: errno)
  }
}
