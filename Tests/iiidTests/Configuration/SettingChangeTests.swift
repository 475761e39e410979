import Testing
import Transport

@testable import iiid

@Suite("What a reload changes")
struct SettingChangeTests {
  private func changes(_ change: (inout ServeConfiguration) throws -> Void) rethrows -> (
    told: [String], after: ServeConfiguration
  ) {
    var own = ServeConfiguration()
    var other = ServeConfiguration()
    try change(&other)
    return (own.takeChanges(of: other).map(\.description), own)
  }

  @Test
  func nothing() { #expect(changes { _ in }.told == []) }

  @Test
  func whatCountsAtOnceIsTaken() {
    let (told, after) = changes {
      $0.limits.connections = 7
      $0.logLevel = .debug
      $0.policy.httpFunctions = true
      $0.drainTimeout = 5
    }
    #expect(
      told == [
        "limits.connections: 512 -> 7", "policy.http_functions: no -> yes", "drain.timeout_ms: 30000 -> 5",
        "log.level: info -> debug",
      ])
    #expect(after.limits.connections == 7)
    #expect(after.logLevel == .debug)
    #expect(after.policy.httpFunctions)
    #expect(after.drainTimeout == 5)
  }

  /// What runs stays what runs, so that the next reload tells of it again.
  @Test
  func whatNeedsARestartIsToldAndLeft() {
    let (told, after) = changes {
      $0.namespace = "n"
      $0.socketMode = 0o600
      $0.engineURL.host = "e"
    }
    #expect(
      told == [
        "engine.url: ws://127.0.0.1:49134 -> ws://e:49134, needs a restart",
        "engine.namespace: nothing -> n, needs a restart", "socket.mode: 0660 -> 0600, needs a restart",
      ])
    #expect(after == ServeConfiguration())
  }

  @Test
  func aSecretChangesWithoutBeingShown() throws {
    let (told, after) = try changes { $0.token = try BearerToken("s3cret") }
    #expect(told == ["engine.token_file: changed, with the next connection to the engine"])
    #expect(after.token?.secret == "s3cret")
    let other = changes { $0.engineURL.target = "/?token=s3cret" }
    #expect(other.told == ["engine.url: ws://127.0.0.1:49134 -> ws://127.0.0.1:49134, needs a restart"])
  }

  @Test
  func aTokenThatComesWithAnotherFileIsOneChange() throws {
    let (told, after) = try changes {
      $0.tokenFile = "/t"
      $0.token = try BearerToken("s3cret")
    }
    #expect(told == ["engine.token_file: nothing -> /t, with the next connection to the engine"])
    #expect(after.tokenFile == "/t")
  }

  /// Each row is bound to a field of its own, and to one that it takes over.
  @Test(arguments: SettingDefinition.all.map(\.name))
  func everyRowNoticesItsField(name: String) throws {
    let row = try #require(SettingDefinition.all.first { $0.name == name })
    var other = ServeConfiguration()
    let text =
      switch row.kind.argument {
      case nil, "BOOLEAN": "yes"
      case "URL": "ws://other"
      case "MODE": "0600"
      case "N", "MS", "PORT": row.key.contains("_bytes") ? "65537" : row.key.hasSuffix("_ms") ? "2001" : "999"
      default: row.kind.choices.last ?? "/other"
      }
    try row.kind.set(text, &other)
    var own = ServeConfiguration()
    #expect(own.takeChanges(of: other).map(\.key) == [name])
    #expect((own == other) == (row.effect != .restart))
  }
}
