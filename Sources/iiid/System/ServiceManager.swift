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
  /// The socket that the service manager listens on for us; nil when it handed none over.
  ///
  /// The corresponding C functions are `sd_listen_fds`, which sets close-on-exec, and `sd_is_socket_unix`. The variables
  /// are removed, so that no child takes the number for one of its own.
  func inheritedSocket() throws(ConfigurationError) -> Descriptor? {
    let count = sd_listen_fds(1)
    guard count != 0 else { return nil }
    let first = Int32(SD_LISTEN_FDS_START)
    guard count > 0 else { throw ConfigurationError("LISTEN_FDS: \(Errno(code: -count))") }
    guard count == 1 else {
      throw ConfigurationError("LISTEN_FDS: \(count) sockets were handed over; list one ListenStream= in iiid.socket")
    }
    guard sd_is_socket_unix(first, CInt(SOCK_STREAM.rawValue), 1, nil, 0) > 0 else {
      throw ConfigurationError(
        "LISTEN_FDS: descriptor \(first) is not a listening Unix stream socket; use ListenStream=/path in iiid.socket")
    }
    return Descriptor(owning: first)
  }
}
