import Testing

@testable import iiid

@Suite("The development engine's process")
struct DevEngineProcessTests {
  @Test(arguments: [
    ("iii-dev-engine listening on ws://127.0.0.1:49134", UInt16(49134)),
    ("iii-dev-engine listening on ws://127.0.0.1:1/", 1),
    ("iii-dev-engine listening on ws://127.0.0.1:0", nil),
    ("iii-dev-engine listening on ws://127.0.0.1:65536", nil),
    ("iii-dev-engine listening on ws://127.0.0.1", nil),
    ("iii-dev-engine also listening on ws://127.0.0.1:49134", nil),
    ("listening on ws://127.0.0.1:49134", nil),
    ("", nil),
  ])
  func announcements(line: String, port: UInt16?) { #expect(DevEngineAnnouncement.port(in: line) == port) }

  @Test
  func furtherListeners() {
    #expect(
      DevEngineAnnouncement.furtherURL(in: "iii-dev-engine also listening on ws://[::1]:49135") == "ws://[::1]:49135")
    #expect(DevEngineAnnouncement.furtherURL(in: "iii-dev-engine listening on ws://127.0.0.1:49134") == nil)
  }

  @Test
  func whatTheDaemonKeepsForItself() {
    let environment = [
      "PATH": "/bin", "NOTIFY_SOCKET": "/n", "LISTEN_FDS": "1", "LISTEN_PID": "7", "LISTEN_FDNAMES": "control",
      "WATCHDOG_USEC": "1", "WATCHDOG_PID": "7", "III_TOKEN": "s3cret", "HOME": "/root",
    ]
    #expect(DevEngineProcess.inherited(environment) == ["HOME=/root", "PATH=/bin"])
  }
}
