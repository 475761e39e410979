import Transport

/// The daemon that a command talks to, and how to tell why it cannot.
struct DaemonAddress: Equatable {
  /// Where the daemon of the system listens, as its package has it.
  static let system = "/run/iiid/iiid.sock"
  /// The most bytes that a Unix socket address holds, without the zero at its end.
  private static let longestPath = 107

  /// The socket's path.
  let path: String
  /// Where else there was no socket.
  let otherPaths: [String]

  /// The first of the places of a daemon where there is something; when there is nothing, the last of them.
  ///
  /// - Parameters:
  ///   - settings: The command line and the environment.
  ///   - isThere: Whether there may be something at a path.
  /// - Throws: What is wrong with the path that was given.
  init(_ settings: ClientSettings, isThere: (String) -> Bool) throws(CommandFailure) {
    let candidates = try Self.candidates(settings)
    let path = candidates.first(where: isThere) ?? candidates[candidates.count - 1]
    self.path = path
    otherPaths = candidates.filter { $0 != path && !isThere($0) }
  }

  /// The sockets at which a daemon may be, the first that counts first: an option or `IIID_SOCKET` alone; else that of the
  /// unit that the command runs in, of the login session, of the system.
  ///
  /// That is more than the daemon itself tries: who calls it is mostly another user.
  private static func candidates(_ settings: ClientSettings) throws(CommandFailure) -> [String] {
    if let given = try settings.value(of: .daemonSocket, { (text: String) throws(SettingProblem) in try check(text) }) {
      return [given]
    }
    var candidates: [String] = []
    for directory in settings.variable("RUNTIME_DIRECTORY")?.split(separator: ":") ?? [] {
      candidates.append("\(directory)/iiid.sock")
    }
    if let session = settings.variable("XDG_RUNTIME_DIR") { candidates.append("\(session)/iiid/iiid.sock") }
    return candidates + [system]
  }

  private static func check(_ path: String) throws(SettingProblem) -> String {
    guard path.utf8.count <= longestPath else {
      throw SettingProblem(
        "too long: a socket path may have \(longestPath) bytes, this one has \(path.utf8.count)",
        remedy: "give a shorter one")
    }
    return path
  }
}

// MARK: - Failures

extension DaemonAddress {
  /// Why there is no connection, and what to do about it.
  ///
  /// - Parameters:
  ///   - error: What connecting ended in.
  ///   - group: The group that may use the socket, when it can be seen.
  ///   - isSocket: Whether there is a socket at the path.
  /// - Returns: What the command says, and its exit status.
  func failure(_ error: Errno, group: String?, isSocket: Bool) -> CommandFailure {
    switch error {
    case .accessDenied:
      let who =
        group.map { "the socket is for its owner and for the group '\($0)'" } ?? "its directory is closed to you"
      let remedy = "as root 'adduser USER \(group ?? "iiid")', then log in again"
      return CommandFailure("\(path): permission denied: \(who); \(remedy)", .notPermitted)
    case .connectionRefused where isSocket:
      return CommandFailure(
        "no daemon at \(path): the socket is there, but nobody listens; see 'systemctl status iiid'", .unavailable)
    case .connectionRefused: return CommandFailure("no daemon at \(path): this is no socket", .unavailable)
    case .noSuchFile:
      let others = otherPaths.isEmpty ? "" : ", nor at " + otherPaths.joined(separator: " or ")
      return CommandFailure(
        "no daemon at \(path)\(others): there is no such file; start it with 'systemctl start iiid', or say where its "
          + "socket is with --socket or IIID_SOCKET", .unavailable)
    case .timedOut:
      return CommandFailure("\(path): the daemon did not take the connection in time", .timedOut)
    default: return CommandFailure("no daemon at \(path): \(error)", .unavailable)
    }
  }
}
