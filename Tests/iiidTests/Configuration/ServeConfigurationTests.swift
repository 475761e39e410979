import Testing
import Transport

@testable import iiid

@Suite("The daemon's configuration")
struct ServeConfigurationTests {
  private func read(
    _ arguments: [String] = [], _ environment: [String: String] = [:], userID: UInt32 = 0
  ) throws -> ServeConfiguration {
    let commandLine = try ParsedCommandLine(parsing: arguments)
    return try ServeConfiguration(
      reading: SettingSources(commandLine: commandLine, environment: environment, userID: userID))
  }

  private func refusal(_ arguments: [String] = [], _ environment: [String: String] = [:], userID: UInt32 = 0)
    -> ConfigurationError?
  {
    do {
      _ = try read(arguments, environment, userID: userID)
    } catch let error as ConfigurationError {
      return error
    } catch {}
    return nil
  }

  @Test
  func nothingGiven() throws {
    let configuration = try read()
    var expected = ServeConfiguration()
    expected.socketPath = "/run/iiid/iiid.sock"
    expected.origins = ["socket.path": .builtIn]
    #expect(configuration == expected)
    #expect(configuration.engineURL == WebSocketURL(isSecure: false, host: "127.0.0.1", port: 49134))
    #expect(configuration.limits == RelayLimits())
  }

  @Test
  func theCommandLineCountsMoreThanTheEnvironment() throws {
    let environment = [
      "III_URL": "wss://env.example/", "III_NAMESPACE": "env", "III_WORKER_NAME": "env", "IIID_SOCKET": "/env.sock",
      "IIID_LOG_LEVEL": "debug",
    ]
    let fromEnvironment = try read([], environment)
    #expect(fromEnvironment.engineURL == WebSocketURL(isSecure: true, host: "env.example", port: 443))
    #expect(fromEnvironment.namespace == "env")
    #expect(fromEnvironment.name == "env")
    #expect(fromEnvironment.socketPath == "/env.sock")
    #expect(fromEnvironment.logLevel == .debug)
    #expect(
      fromEnvironment.origins == [
        "engine.url": .environment("III_URL"), "engine.namespace": .environment("III_NAMESPACE"),
        "engine.worker_name": .environment("III_WORKER_NAME"), "socket.path": .environment("IIID_SOCKET"),
        "log.level": .environment("IIID_LOG_LEVEL"),
      ])

    let flags = ["--engine=ws://f:1/x", "--namespace=f", "--name=f", "--socket=/f.sock", "--log-level=error"]
    let fromFlags = try read(flags, environment)
    #expect(fromFlags.engineURL == WebSocketURL(isSecure: false, host: "f", port: 1, target: "/x"))
    #expect(fromFlags.namespace == "f")
    #expect(fromFlags.name == "f")
    #expect(fromFlags.socketPath == "/f.sock")
    #expect(fromFlags.logLevel == .error)
    #expect(
      fromFlags.origins == [
        "engine.url": .flag("--engine"), "engine.namespace": .flag("--namespace"),
        "engine.worker_name": .flag("--name"),
        "socket.path": .flag("--socket"), "log.level": .flag("--log-level"),
      ])
  }

  @Test
  func emptyAndBlankVariablesSayNothing() throws {
    let blank = ["III_URL": "", "III_NAMESPACE": "  ", "III_TOKEN": " \n", "IIID_SOCKET": "", "III_ISOLATION": ""]
    #expect(try read([], blank) == read())
  }

  @Test(arguments: [
    (["IIID_SOCKET": "/s", "RUNTIME_DIRECTORY": "/r", "XDG_RUNTIME_DIR": "/x"], "/s"),
    (["RUNTIME_DIRECTORY": "/run/iiid:/run/more", "XDG_RUNTIME_DIR": "/x"], "/run/iiid/iiid.sock"),
    (["XDG_RUNTIME_DIR": "/run/user/7"], "/run/user/7/iiid/iiid.sock"),
  ])
  func socketPaths(environment: [String: String], path: String) throws {
    #expect(try read([], environment, userID: 7).socketPath == path)
  }

  @Test
  func aUserWithoutASessionMustNameTheSocket() {
    #expect(
      refusal(userID: 7)
        == ConfigurationError(
          "no socket path: neither RUNTIME_DIRECTORY nor XDG_RUNTIME_DIR is set; give --socket PATH or set IIID_SOCKET")
    )
  }

  @Test
  func whoIsHandedASocketNeedsNoPath() throws {
    #expect(try read([], ["LISTEN_FDS": "1"], userID: 7).socketPath == "")
  }

  @Test
  func aSocketPathHasItsLimit() throws {
    let longest = "/" + String(repeating: "s", count: 106)
    #expect(try read(["--socket", longest]).socketPath == longest)
    let error = refusal(["--socket", longest + "s"])
    #expect(error?.status == .usage)
    #expect(error?.description.contains("107 bytes, this one has 108") == true)
    let session = refusal([], ["XDG_RUNTIME_DIR": longest], userID: 7)
    #expect(session?.status == .configuration)
    #expect(session?.description.hasPrefix("environment variable XDG_RUNTIME_DIR: ") == true)
  }

  @Test(
    arguments: [
      (["--engine", "http://e"], [:], "--engine: 'http://e': the scheme http:// is neither", Int32(64)),
      ([], ["III_URL": "e:1"], "environment variable III_URL: 'e:1': the address does not start with ws://", 78),
      (
        ["--max-connections", "0"], [:], "--max-connections: '0': out of range; give a whole number from 1 to 10000", 64
      ),
      (
        ["--max-line-bytes", "16M"], [:], "--max-line-bytes: '16M': not a number; give a whole number from 4096 to", 64
      ),
      (["--drain-timeout-ms=-1"], [:], "--drain-timeout-ms: '-1': not a number", 64),
      (
        ["--drain-timeout-ms=99999999999999999999"], [:], "--drain-timeout-ms: '99999999999999999999': not a number", 64
      ),
      (
        ["--log-level", "loud"], [:],
        "--log-level: 'loud': no log level; give one of debug, info, notice, warning, error", 64
      ),
      ([], ["IIID_LOG_LEVEL": "loud"], "environment variable IIID_LOG_LEVEL: 'loud': no log level", 78),
      (["--name", "a\nb"], [:], "--name: 'a\nb': holds a control character", 64),
      (["--namespace", " "], [:], "--namespace: ' ': is blank", 64),
      (["--socket", "/run/"], [:], "--socket: '/run/': a directory, not a file", 64),
      (["--dev", "--engine", "ws://e"], [:], "--dev brings its own engine and excludes --engine", 64),
      (["--dev-port", "1"], [:], "--dev-port is about the engine that --dev starts; give --dev too", 64),
      (["--dev-config", "f"], [:], "--dev-config is about the engine that --dev starts; give --dev too", 64),
      (["--dev-compat", "0.13"], [:], "--dev-compat is about the engine that --dev starts; give --dev too", 64),
      (["--dev", "--dev-compat", "1"], [:], "--dev-compat: '1': no version of it; give one of 0.23, 0.13", 64),
      (["--dev", "--dev-config", " "], [:], "--dev-config: ' ': is blank", 64),
      (["--dev-http-port", "1"], [:], "--dev-http-port is about the engine that --dev starts; give --dev too", 64),
      (["--dev", "--dev-http-port", "x"], [:], "--dev-http-port: 'x': not a number", 64),
      (["--dev", "--dev-port", "65536"], [:], "--dev-port: '65536': out of range", 64),
    ] as [([String], [String: String], String, Int32)])
  func badValues(arguments: [String], environment: [String: String], message: String, status: Int32) throws {
    let error = try #require(refusal(arguments, environment))
    #expect(error.description.hasPrefix(message), "\(error)")
    #expect(error.status.rawValue == status)
  }

  @Test
  func theDevelopmentEngine() throws {
    let plain = try read(["--dev"])
    #expect(plain.isDevelopment)
    #expect(plain.development == DevelopmentEngine(port: 49134))
    #expect(try read(["--dev"], ["III_URL": "ws://localhost:49134"]).warnings.isEmpty)
    let other = try read(["--dev", "--dev-port=0"], ["III_URL": "ws://e"])
    #expect(other.development == DevelopmentEngine(port: 0))
    let old = try read(["--dev", "--dev-compat", "0.13", "--dev-config", "/etc/rules", "--dev-http-port=0"])
    let expected = DevelopmentEngine(port: 49134, httpPort: 0, configurationFile: "/etc/rules", version: "0.13")
    #expect(old.development == expected)
    #expect(
      expected.arguments(port: 7) == [
        "--port", "7", "--exit-with-stdin", "--queue", "memory", "--http-functions", "any", "--http-port",
        "0", "--config", "/etc/rules", "--compat", "0.13",
      ])
    #expect(other.warnings == ["III_URL is not used: --dev brings its own engine"])
  }

  @Test
  func tokens() throws {
    let fromFile = try read(["--token-file", "/etc/token"], ["III_TOKEN": "env"])
    #expect(fromFile.tokenFile == "/etc/token")
    #expect(fromFile.token == nil)
    #expect(fromFile.origins["engine.token_file"] == .flag("--token-file"))
    let fromVariable = try read([], ["III_TOKEN": " s3cret\n"])
    #expect(fromVariable.token == (try BearerToken("s3cret")))
    #expect(fromVariable.tokenFile == nil)
    #expect(fromVariable.origins["engine.token_file"] == .environment("III_TOKEN"))
    let error = try #require(refusal([], ["III_TOKEN": "s3 cret"]))
    #expect(error.status == .configuration)
    #expect(!error.description.contains("s3"))
  }

  @Test
  func aTokenShowsItselfNowhere() throws {
    let token = try BearerToken("s3cret")
    #expect(token.secret == "s3cret")
    let configuration = try read([], ["III_TOKEN": "s3cret"])
    for text in ["\(token)", String(reflecting: token), "\(configuration)", String(reflecting: configuration)] {
      #expect(!text.contains("s3cret"))
    }
    var dumped = ""
    dump(configuration, to: &dumped)
    #expect(!dumped.contains("s3cret"))
  }

  @Test(arguments: ["", "\n", "a b", "a\nb", "é", "a\u{0}"])
  func whatIsNoToken(content: String) {
    #expect(throws: SettingProblem.self) { try BearerToken(content) }
  }

  @Test
  func warnings() throws {
    let token = ["III_TOKEN": "t"]
    #expect(try read(["--engine=ws://far.example"], token).warnings.count == 1)
    #expect(try read(["--engine=ws://localhost"], token).warnings.isEmpty)
    #expect(try read(["--engine=wss://far.example"], token).warnings.isEmpty)
    #expect(try read(["--engine=ws://localhost", "--ca-file=/c"]).warnings.count == 1)
    #expect(try read(["--dev", "--ca-file=/c"], token).warnings.count == 2)
  }

  @Test(arguments: [
    ("ws://h:1/a?token=x", "ws://h:1/a"), ("ws://127.0.0.1:49134", "ws://127.0.0.1:49134"), ("wss://h/?t=x", "wss://h"),
  ])
  func logsShowNoQuery(address: String, shown: String) throws {
    #expect(try WebSocketURL(address).withoutQuery == shown)
  }
}
