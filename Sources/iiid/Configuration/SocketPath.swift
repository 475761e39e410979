/// Where the Unix socket is: for the daemon, and for the commands that talk to it.
enum SocketPath {
  /// The most bytes that a Unix socket address holds, without the zero at its end.
  private static let limit = 107

  /// There is no setting, and no place for it.
  static var missing: ConfigurationError {
    ConfigurationError(
      "no socket path: neither RUNTIME_DIRECTORY nor XDG_RUNTIME_DIR is set; give --socket PATH or set IIID_SOCKET")
  }

  /// Where it is when no setting says so: where the service manager or the login session has sockets, for root in `/run`.
  static func conventional(_ sources: SettingSources) throws(ConfigurationError) -> Setting<String> {
    guard let path = place(sources) else { throw missing }
    do throws(SettingProblem) {
      return Setting(try check(path.value), from: path.origin)
    } catch {
      throw ConfigurationError("\(path.origin): '\(path.value)': \(error)")
    }
  }

  private static func place(_ sources: SettingSources) -> Setting<String>? {
    // systemd joins several directories by colons; the first is the unit's main one.
    if let first = sources.variable("RUNTIME_DIRECTORY")?.split(separator: ":").first {
      return Setting("\(first)/iiid.sock", from: .environment("RUNTIME_DIRECTORY"))
    }
    if let session = sources.variable("XDG_RUNTIME_DIR") {
      return Setting("\(session)/iiid/iiid.sock", from: .environment("XDG_RUNTIME_DIR"))
    }
    return sources.userID == 0 ? Setting("/run/iiid/iiid.sock", from: .builtIn) : nil
  }

  /// `path`, unless it can be no socket's.
  static func check(_ path: String) throws(SettingProblem) -> String {
    let length = path.utf8.count
    guard length <= limit else {
      throw SettingProblem(
        "too long: a socket path may have \(limit) bytes, this one has \(length)", remedy: "choose a shorter one")
    }
    guard path.utf8.last != UInt8(ascii: "/") else {
      throw SettingProblem("a directory, not a file", remedy: "append the name of the socket, as iiid.sock")
    }
    return path
  }
}
