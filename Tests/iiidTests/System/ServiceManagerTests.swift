import Glibc
import Testing
import Transport

@testable import iiid

/// Each in a process of its own: libsystemd reads the process's environment, and no thread may read it while it changes.
@Suite("The service manager")
struct ServiceManagerTests {
  /// One message, so that the time stamp belongs to the reload; a monotonic one, or the service manager gives up on it.
  @Test
  func aReloadHasItsTime() async {
    await #expect(processExitsWith: .success) {
      let socket = try NotifySocket()
      let manager = ServiceManager()
      manager.reloading(status: "Connected")
      manager.reloading(status: "Connected")
      let texts = socket.heard()
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
  }

  @Test
  func whatItIsTold() async {
    await #expect(processExitsWith: .success) {
      let socket = try NotifySocket()
      let manager = ServiceManager()
      manager.ready(status: "Connected")
      manager.status("two\nlines")
      manager.alive()
      manager.extendTimeout(milliseconds: 5000)
      manager.stopping(status: "Draining")
      manager.failed("no socket", error: .addressInUse)
      manager.failed("bad setting")
      #expect(
        socket.heard() == [
          "READY=1\nSTATUS=Connected", "STATUS=two lines", "WATCHDOG=1", "EXTEND_TIMEOUT_USEC=5000000",
          "STOPPING=1\nSTATUS=Draining", "STATUS=no socket\nERRNO=\(EADDRINUSE)", "STATUS=bad setting",
        ])
    }
  }

  @Test
  func withoutOneNothingHappens() async {
    await #expect(processExitsWith: .success) {
      let socket = try NotifySocket()
      unsafe unsetenv("NOTIFY_SOCKET")
      let manager = ServiceManager()
      #expect(manager.watchdogInterval == nil)
      manager.ready(status: "Connected")
      manager.waitUntilHeard()
      #expect(socket.heard().isEmpty)
    }
  }

  @Test
  func theWatchdogIsFedThreeTimesPerPeriod() async {
    await #expect(processExitsWith: .success) {
      unsafe setenv("WATCHDOG_USEC", "600000", 1)
      #expect(ServiceManager().watchdogInterval == 200)
      unsafe setenv("WATCHDOG_PID", "1", 1)
      #expect(ServiceManager().watchdogInterval == nil)
      unsafe setenv("WATCHDOG_PID", "\(getpid())", 1)
      #expect(ServiceManager().watchdogInterval == 200)
      unsafe setenv("WATCHDOG_USEC", "many", 1)
      #expect(ServiceManager().watchdogInterval == nil)
    }
  }

  @Test
  func socketsOfAnotherProcessAreNotTaken() async {
    await #expect(processExitsWith: .success) {
      unsafe setenv("LISTEN_FDS", "1", 1)
      unsafe setenv("LISTEN_PID", "1", 1)
      let none = try ServiceManager().inheritedSocket() == nil
      #expect(none)
    }
  }

  @Test
  func aCountThatIsNoneIsRefused() async {
    await #expect(processExitsWith: .success) {
      unsafe setenv("LISTEN_PID", "\(getpid())", 1)
      unsafe setenv("LISTEN_FDS", "many", 1)
      #expect(throws: ConfigurationError.self) { _ = try ServiceManager().inheritedSocket() }
    }
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
