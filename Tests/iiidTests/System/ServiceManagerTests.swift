import Foundation
import Glibc
import Testing
import Transport

@testable import iiid

/// One after the other: libsystemd reads the process's environment.
@Suite("The service manager", .serialized)
final class ServiceManagerTests {
  private let path = "/tmp/iiid-notify-\(UUID().uuidString.prefix(8))"
  private let socket: CInt

  init() throws {
    socket = Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
    try #require(socket >= 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
    let bound = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0)
    unsafe setenv("NOTIFY_SOCKET", path, 1)
  }

  deinit {
    for name in ServiceManager.privateVariables { unsafe unsetenv(name) }
    close(socket)
    unsafe unlink(path)
  }

  /// The datagrams that have come.
  private func heard() -> [String] {
    var texts: [String] = []
    var bytes = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe recv(socket, &bytes, bytes.count, 0)
      guard count >= 0 else { return texts }
      texts.append(String(decoding: bytes[..<count], as: UTF8.self))
    }
  }

  /// One message, so that the time stamp belongs to the reload; a monotonic one, or the service manager gives up on it.
  @Test
  func aReloadHasItsTime() throws {
    let manager = ServiceManager()
    manager.reloading(status: "Connected")
    manager.reloading(status: "Connected")
    let texts = heard()
    #expect(texts.count == 2)
    let stamps = try texts.map { text in
      let lines = text.split(separator: "\n")
      #expect(lines.first == "RELOADING=1")
      #expect(lines.last == "STATUS=Connected")
      let stamp = try #require(lines.dropFirst().first)
      #expect(stamp.hasPrefix("MONOTONIC_USEC="))
      return try #require(Int(stamp.dropFirst("MONOTONIC_USEC=".count)))
    }
    #expect(stamps[0] > 0 && stamps[0] <= stamps[1])
  }

  @Test
  func whatItIsTold() {
    let manager = ServiceManager()
    manager.ready(status: "Connected")
    manager.status("two\nlines")
    manager.alive()
    manager.extendTimeout(milliseconds: 5000)
    manager.stopping(status: "Draining")
    manager.failed("no socket", error: .addressInUse)
    manager.failed("bad setting")
    #expect(
      heard() == [
        "READY=1\nSTATUS=Connected", "STATUS=two lines", "WATCHDOG=1", "EXTEND_TIMEOUT_USEC=5000000",
        "STOPPING=1\nSTATUS=Draining", "STATUS=no socket\nERRNO=\(EADDRINUSE)", "STATUS=bad setting",
      ])
  }

  @Test
  func withoutOneNothingHappens() {
    unsafe unsetenv("NOTIFY_SOCKET")
    let manager = ServiceManager()
    #expect(manager.watchdogInterval == nil)
    manager.ready(status: "Connected")
    manager.waitUntilHeard()
    #expect(heard().isEmpty)
  }

  @Test
  func theWatchdogIsFedThreeTimesPerPeriod() {
    unsafe setenv("WATCHDOG_USEC", "600000", 1)
    #expect(ServiceManager().watchdogInterval == 200)
    unsafe setenv("WATCHDOG_PID", "1", 1)
    #expect(ServiceManager().watchdogInterval == nil)
    unsafe setenv("WATCHDOG_PID", "\(getpid())", 1)
    #expect(ServiceManager().watchdogInterval == 200)
    unsafe setenv("WATCHDOG_USEC", "many", 1)
    #expect(ServiceManager().watchdogInterval == nil)
  }

  @Test
  func socketsOfAnotherProcessAreNotTaken() throws {
    unsafe setenv("LISTEN_FDS", "1", 1)
    unsafe setenv("LISTEN_PID", "1", 1)
    let none = try ServiceManager().inheritedSocket() == nil
    #expect(none)
  }

  @Test
  func aCountThatIsNoneIsRefused() {
    unsafe setenv("LISTEN_PID", "\(getpid())", 1)
    unsafe setenv("LISTEN_FDS", "many", 1)
    #expect(throws: ConfigurationError.self) { _ = try ServiceManager().inheritedSocket() }
  }

  @Test
  func whichInheritedDescriptorIsTheSocket() throws {
    #expect(try ServiceManager.socketNumber(among: []) == nil)
    #expect(try ServiceManager.socketNumber(among: ["unknown"]) == 3)
    #expect(try ServiceManager.socketNumber(among: ["metrics", "control"]) == 4)
    for names in [["control", "control"], ["a", "b"]] {
      let error = #expect(throws: ConfigurationError.self) { try ServiceManager.socketNumber(among: names) }
      #expect(error?.description.hasPrefix("LISTEN_FDS: 2 sockets were handed over") == true)
    }
  }
}
