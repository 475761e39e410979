import Testing

@testable import iiid

@Suite("Settings of files")
struct SettingFilesTests {
  private func read(
    _ files: KeyValuePairs<String, String>, _ arguments: [String] = [], _ environment: [String: String] = [:],
    credential: String? = nil
  ) throws -> ServeConfiguration {
    let commandLine = try ParsedCommandLine(parsing: arguments)
    var sources = SettingSources(commandLine: commandLine, environment: environment, userID: 0)
    sources.files = files.map { INIParser.parse($0, Array($1.utf8)) }
    sources.credential = credential
    return try ServeConfiguration(reading: sources)
  }

  private func refusal(_ text: String, _ arguments: [String] = []) -> ConfigurationError? {
    do {
      _ = try read(["f": text], arguments)
    } catch let error as ConfigurationError {
      return error
    } catch {}
    return nil
  }

  @Test
  func laterFilesThenVariablesThenOptionsCountMore() throws {
    let first = "[engine]\nnamespace = first\n[log]\nlevel = debug\n[limits]\nfunctions = 1\n[drain]\ntimeout_ms = 1"
    let second = "[limits]\nfunctions = 2\n[log]\nlevel = error\n[drain]\ntimeout_ms = 2"
    let configuration = try read(
      ["1": first, "2": second], ["--drain-timeout-ms=3"], ["IIID_LOG_LEVEL": "notice", "IIID_SOCKET": "/s"])
    #expect(configuration.namespace == "first")
    #expect(configuration.limits.functions == 2)
    #expect(configuration.logLevel == .notice)
    #expect(configuration.drainTimeout == 3)
    #expect(configuration.files == ["1", "2"])
    #expect(
      configuration.origins == [
        "engine.namespace": .file("1", line: 2), "limits.functions": .file("2", line: 2),
        "log.level": .environment("IIID_LOG_LEVEL"), "drain.timeout_ms": .flag("--drain-timeout-ms"),
        "socket.path": .environment("IIID_SOCKET"),
      ])
  }

  @Test(
    arguments: [
      ("[engine]\nulr = x", "f:2: [engine] ulr: no such key; did you mean 'url'?"),
      ("[engine]\nlevel = x", "f:2: [engine] level: no such key; it belongs under [log]"),
      ("[drain]\nxyzzy = x", "f:2: [drain] xyzzy: no such key; there are timeout_ms"),
      ("[engin]\nurl = x", "f:1: [engin]: no such section; did you mean [engine]?"),
      ("[xyzzy]", "f:1: [xyzzy]: no such section; there are [engine], [socket], [limits], "),
      ("url = x", "f:1: url: stands before the first section; put it under [engine]"),
      ("xyzzy = x", "f:1: xyzzy: stands before the first section; put it under [section]"),
      ("[engine]\nURL = x", "f:2: [engine] URL: no such key; there are url, worker_name, "),
      ("[engine]\nurl = x", "f:2: [engine] url: 'x': the address does not start with ws://"),
      ("[engine]\nnamespace =", "f:2: [engine] namespace: has no value; give one, or make the line a comment"),
      ("[engine]\nnamespace = \"n\"", "f:2: [engine] namespace: '\"n\"': is quoted; write it without the quotes"),
      ("[engine]\nnamespace = n # c", "f:2: [engine] namespace: 'n # c': holds a comment's sign after a blank"),
      ("[engine]\nnamespace = a\nnamespace = b", "f:3: [engine] namespace: given in line 2 already; leave one of them"),
      (
        "[limits]\nfunctions = 1001",
        "f:2: [limits] functions: '1001': out of range; give a whole number from 1 to 1000"
      ),
      ("[socket]\nmode = 0777", "f:2: [socket] mode: '0777': out of range; give octal digits"),
      ("[socket]\nmode = rw", "f:2: [socket] mode: 'rw': no mode of a file; give octal digits"),
      (
        "[engine]\nidle_timeout_ms = 20000",
        "[engine] idle_timeout_ms (20000, f:2) has to be longer than ping_interval_ms (20000, built-in default)"
      ),
      ("[log]\nformat = json", "f:2: [log] format: 'json': no log format; give one of auto, journal, plain"),
    ])
  func badSettings(text: String, message: String) throws {
    let error = try #require(refusal(text))
    #expect(error.problems.count == 1)
    #expect(error.description.hasPrefix(message), "\(error)")
    #expect(error.status == .configuration)
  }

  @Test
  func aSecretIsNeitherTakenNorShown() throws {
    let error = try #require(refusal("[engine]\ntoken = s3cret"))
    #expect(
      error.description
        == "f:2: [engine] token: no such key; secrets stand in no configuration: put it into a file and name that in [engine] token_file"
    )
  }

  @Test
  func everythingWrongIsToldAtOnce() throws {
    let error = try #require(refusal("[engine]\nurl = x\ngarbage\n[log]\nlevel = loud", ["--max-connections=0"]))
    #expect(
      error.problems.map { String($0.prefix(22)) } == [
        "f:2: [engine] url: 'x'", "f:3: neither [section]", "f:5: [log] level: 'lou", "--max-connections: '0'",
      ])
    #expect(error.status == .configuration)
    #expect(error.description.hasSuffix(" (and 3 more problems)"))
  }

  @Test
  func aFloodOfProblemsIsCut() throws {
    let error = try #require(refusal("[engine]\n" + (0..<1000).map { "k\($0) = 1\n" }.joined()))
    #expect(error.problems.count == 51)
    #expect(error.problems.last == "950 more problems of the configuration are not listed")
  }

  /// A value that another file overrules is looked at all the same: it may count tomorrow.
  @Test
  func overruledValuesAreChecked() {
    #expect(throws: ConfigurationError.self) { try read(["1": "[log]\nlevel = loud", "2": "[log]\nlevel = debug"]) }
  }

  @Test
  func whereTheTokenIs() throws {
    let file = "[engine]\ntoken_file = /f"
    #expect(try read([:], credential: "/c").tokenFile == "/c")
    #expect(try read([:], credential: "/c").origins["engine.token_file"] == .environment("CREDENTIALS_DIRECTORY"))
    #expect(try read(["f": file], credential: "/c").tokenFile == "/f")
    let variable = try read(["f": file], [], ["III_TOKEN": "t"], credential: "/c")
    #expect(variable.tokenFile == nil)
    #expect(variable.token == (try BearerToken("t")))
    let option = try read(["f": file], ["--token-file=/o"], ["III_TOKEN": "t"], credential: "/c")
    #expect(option.tokenFile == "/o")
    #expect(option.token == nil)
  }

  @Test
  func filesThatAreOpenToEverybody() throws {
    var file = INIParser.parse("f", Array("[engine]\nurl = wss://e/?token=t".utf8))
    file.isExposed = true
    file.isOpen = true
    var sources = SettingSources(commandLine: ParsedCommandLine(command: .serve), environment: [:], userID: 0)
    sources.files = [file]
    #expect(
      try ServeConfiguration(reading: sources).warnings == [
        "f: every user may write the configuration; chmod o-w f",
        "f: every user may read the query of the engine's address; chmod o-r f",
      ])
  }
}
