import Testing
import Transport

@testable import iiid

@Suite("Where a command looks for the daemon")
struct DaemonAddressTests {
  private func address(
    _ environment: [String: String], arguments: [String] = [], there: Set<String> = []
  ) throws -> DaemonAddress {
    let commandLine = try ParsedCommandLine(parsing: ["status"] + arguments)
    return try DaemonAddress(ClientSettings(commandLine: commandLine, environment: environment)) { there.contains($0) }
  }

  private let session = ["XDG_RUNTIME_DIR": "/run/user/7", "RUNTIME_DIRECTORY": "/run/a:/run/b"]

  @Test
  func theFirstThatIsThere() throws {
    let places = ["/run/a/iiid.sock", "/run/b/iiid.sock", "/run/user/7/iiid/iiid.sock", "/run/iiid/iiid.sock"]
    for index in places.indices {
      let address = try address(session, there: Set(places[index...]))
      #expect(address.path == places[index] && address.otherPaths == Array(places[..<index]))
    }
    #expect(try address(session).path == "/run/iiid/iiid.sock")
    #expect(try address(session).otherPaths == Array(places.dropLast()))
    #expect(try address([:]).path == "/run/iiid/iiid.sock")
  }

  @Test
  func whatIsNamedCountsAlone() throws {
    let there: Set = ["/run/iiid/iiid.sock"]
    let named = session.merging(["IIID_SOCKET": "/named"]) { $1 }
    #expect(try address(named, there: there).path == "/named")
    #expect(try address(named, arguments: ["--socket", "/flag"], there: there).path == "/flag")
    #expect(try address(named, arguments: ["--socket", "/flag"], there: there).otherPaths == [])
    #expect(try address(["IIID_SOCKET": ""], there: there).path == "/run/iiid/iiid.sock")
  }

  @Test
  func aPathThatIsTooLong() {
    let long = "/" + String(repeating: "x", count: 107)
    #expect(throws: CommandFailure.self) { try address(["IIID_SOCKET": long]) }
    do {
      _ = try address([:], arguments: ["--socket", long])
    } catch let failure as CommandFailure {
      #expect(failure.status == .usage && failure.lines[0].hasPrefix("--socket: "))
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test(arguments: [
    (Errno.noSuchFile, "a" as String?, true, 69, "there is no such file; start it with"),
    (.connectionRefused, "a", true, 69, "nobody listens"),
    (.connectionRefused, "a", false, 69, "this is no socket"),
    (.accessDenied, "staff", true, 77, "for its owner and for the group 'staff'; as root 'adduser USER staff'"),
    (.accessDenied, nil, false, 77, "its directory is closed to you; as root 'adduser USER iiid'"),
    (.timedOut, "a", true, 124, "in time"),
    (.tooManyOpenFiles, "a", true, 69, "EMFILE"),
  ])
  func everyFailureHasItsRemedy(error: Errno, group: String?, isSocket: Bool, status: Int32, words: String) throws {
    let failure = try address([:]).failure(error, group: group, isSocket: isSocket)
    #expect(failure.status.rawValue == status && failure.lines.count == 1)
    #expect(failure.lines[0].contains(words) && failure.lines[0].contains("/run/iiid/iiid.sock"))
  }

  @Test
  func allPlacesAreNamed() throws {
    let failure = try address(session).failure(.noSuchFile, group: nil, isSocket: false)
    for place in ["/run/a/", "/run/b/", "/run/user/7/iiid/"] { #expect(failure.lines[0].contains(place)) }
  }
}
