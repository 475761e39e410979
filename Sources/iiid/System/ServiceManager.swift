import CSystemd
import Glibc
import Transport

/// What we tell the service manager, and what it hands over; everything is without effect when there is none.
///
/// Owned by ``Serve``. The one file that touches libsystemd.
struct ServiceManager {
  /// Variables by which a service manager speaks to one process; no child may take them for its own.
  static let privateVariables: Set<String> = [
    "NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PID", "LISTEN_PIDFDID", "WATCHDOG_USEC", "WATCHDOG_PID",
  ]

  /// How often it wants a sign of life, in milliseconds: a third of the time after which it would kill us.
  let watchdogInterval: Int?

  /// Reads what the environment says about the watchdog.
  ///
  /// The corresponding C function is `sd_watchdog_enabled`.
  init() {
    var microseconds: UInt64 = 0
    let enabled = unsafe sd_watchdog_enabled(0, &microseconds)
    watchdogInterval = enabled > 0 ? max(1, Int(clamping: microseconds / 3000)) : nil
  }

  /// Everything is set up and requests are served.
  func ready(status: String) { notify("READY=1\nSTATUS=\(Self.oneLine(status))") }

  /// What `systemctl status` shows.
  func status(_ text: String) { notify("STATUS=\(Self.oneLine(text))") }

  /// The configuration is being read again, until ``ready(status:)``.
  ///
  /// The time stamp tells the service manager which of its requests is meant (`sd_notify(3)`, `RELOADING=1`).
  func reloading(status: String) {
    notify("RELOADING=1\nMONOTONIC_USEC=\(Self.microseconds)\nSTATUS=\(Self.oneLine(status))")
  }

  /// The end has begun.
  func stopping(status: String) { notify("STOPPING=1\nSTATUS=\(Self.oneLine(status))") }

  /// The loop is alive.
  func alive() { notify("WATCHDOG=1") }

  /// The start or end under way needs at least this much longer.
  func extendTimeout(milliseconds: Int) { notify("EXTEND_TIMEOUT_USEC=\(milliseconds * 1000)") }

  /// The start has failed: why, and the system's number for it if there is one.
  func failed(_ text: String, error: Errno? = nil) {
    notify("STATUS=\(Self.oneLine(text))" + (error.map { "\nERRNO=\($0.code)" } ?? ""))
  }

  /// Waits until all that was said has been read, so that the last words are still taken for ours.
  ///
  /// The corresponding C function is `sd_notify_barrier`.
  func waitUntilHeard() {
    guard unsafe getenv("NOTIFY_SOCKET") != nil else { return }
    _ = sd_notify_barrier(0, 1_000_000)
  }

  /// The corresponding C function is `sd_notify`. A service manager that does not listen changes nothing.
  private func notify(_ state: String) { _ = unsafe sd_notify(0, state) }

  /// The corresponding C function is `clock_gettime` with CLOCK_MONOTONIC, which is the service manager's clock as well.
  private static var microseconds: Int {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
  }

  private static func oneLine(_ text: String) -> String {
    String(text.map { $0.isNewline || $0 == "\0" ? " " : $0 })
  }
}

// MARK: - Inherited sockets

extension ServiceManager {
  /// What the socket is called where several descriptors are handed over: `FileDescriptorName=` in iiid.socket.
  static let socketName = "control"

  /// The socket that the service manager listens on for us; nil when it handed none over.
  ///
  /// The corresponding C function is `sd_is_socket_unix`. The variables are removed, so that no child takes the number for
  /// one of its own.
  func inheritedSocket() throws(ConfigurationError) -> Descriptor? {
    guard let number = try Self.socketNumber(among: Self.inheritedNames()) else { return nil }
    guard sd_is_socket_unix(number, CInt(SOCK_STREAM.rawValue), 1, nil, 0) > 0 else {
      throw ConfigurationError(
        "LISTEN_FDS: descriptor \(number) is not a listening Unix stream socket; use ListenStream=/path in iiid.socket")
    }
    return Descriptor(owning: number)
  }

  /// Which descriptor is the socket: the only one whatever its name, for not every service manager gives names, else the
  /// one that is called ``socketName``.
  ///
  /// - Parameter names: The names of the descriptors, in order.
  /// - Returns: Its number; nil when there is none at all.
  /// - Throws: When there are several, and not exactly one of that name.
  static func socketNumber(among names: [String]) throws(ConfigurationError) -> Int32? {
    let first = Int32(SD_LISTEN_FDS_START)
    if names.count <= 1 { return names.isEmpty ? nil : first }
    let fitting = names.indices.filter { names[$0] == socketName }
    guard let index = fitting.first, fitting.count == 1 else {
      throw ConfigurationError(
        "LISTEN_FDS: \(names.count) sockets were handed over, \(fitting.count) of them named \(socketName); "
          + "list one ListenStream= in iiid.socket")
    }
    return first + Int32(index)
  }

  /// The names of all descriptors that were handed over, in order.
  ///
  /// The corresponding C function is `sd_listen_fds_with_names`, which sets close-on-exec.
  private static func inheritedNames() throws(ConfigurationError) -> [String] {
    var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    let count = unsafe sd_listen_fds_with_names(1, &list)
    guard count >= 0 else { throw ConfigurationError("LISTEN_FDS: \(Errno(code: -count))") }
    guard let list = unsafe list else { return [] }
    var names: [String] = []
    for index in 0..<Int(count) {
      guard let name = unsafe list[index] else { break }
      names.append(unsafe String(cString: name))
      unsafe free(name)
    }
    unsafe free(list)
    return names
  }
}
