import Testing

@testable import iiid

@Suite("The command line")
struct ParsedCommandLineTests {
  @Test(arguments: [
    ([], ParsedCommandLine(command: .serve)),
    (["serve"], ParsedCommandLine(command: .serve)),
    (["--version"], ParsedCommandLine(command: .version)),
    (["version"], ParsedCommandLine(command: .version)),
    (["--help"], ParsedCommandLine(command: .help)),
    (["-h"], ParsedCommandLine(command: .help)),
    (["help", "serve"], ParsedCommandLine(command: .help, operands: ["serve"])),
    (["serve", "--help"], ParsedCommandLine(command: .serve, wantsHelp: true)),
    (["--dev"], ParsedCommandLine(command: .serve, options: ["dev": ""])),
    (["--dev", "--help"], ParsedCommandLine(command: .serve, options: ["dev": ""], wantsHelp: true)),
    (["serve", "--engine", "ws://e"], ParsedCommandLine(command: .serve, options: ["engine": "ws://e"])),
    (["serve", "--engine=ws://e?a=b"], ParsedCommandLine(command: .serve, options: ["engine": "ws://e?a=b"])),
    (["--name=--odd"], ParsedCommandLine(command: .serve, options: ["name": "--odd"])),
    (["--name", "-"], ParsedCommandLine(command: .serve, options: ["name": "-"])),
    (["--name", "a", "--name", "b"], ParsedCommandLine(command: .serve, options: ["name": "b"])),
    (["serve", "--"], ParsedCommandLine(command: .serve)),
    (["call", "f", "-5"], ParsedCommandLine(command: .call, operands: ["f", "-5"])),
    (["call", "f", "-"], ParsedCommandLine(command: .call, operands: ["f", "-"])),
    (
      ["call", "--void", "f", "--", "--raw"],
      ParsedCommandLine(command: .call, options: ["void": ""], operands: ["f", "--raw"])
    ),
    (["call", "--help"], ParsedCommandLine(command: .call, wantsHelp: true)),
    (["list", "trigger-types"], ParsedCommandLine(command: .list, operands: ["trigger-types"])),
  ])
  func meaningful(arguments: [String], expected: ParsedCommandLine) throws {
    #expect(try ParsedCommandLine(parsing: arguments) == expected)
  }

  @Test(arguments: [
    (["sevre"], "unknown command 'sevre', did you mean 'serve'? (see 'iiid help')"),
    (["frobnicate"], "unknown command 'frobnicate' (see 'iiid help')"),
    (["serve", "extra"], "serve takes no argument 'extra' (see 'iiid help serve')"),
    (["serve", "--", "--dev"], "serve takes no argument '--dev' (see 'iiid help serve')"),
    (["help", "serve", "b"], "help takes no further argument 'b' (see 'iiid help help')"),
    (["--engin", "x"], "unknown option '--engin' of serve, did you mean '--engine'? (see 'iiid help serve')"),
    (["--tokenfile=x"], "unknown option '--tokenfile' of serve, did you mean '--token-file'? (see 'iiid help serve')"),
    (
      ["--socket", "s", "status"],
      "'status' is a command, which stands before its options: iiid status ... (see 'iiid help')"
    ),
    (["call"], "call needs FUNCTION (see 'iiid help call')"),
    (["call", "f", "1", "2"], "call takes no further argument '2' (see 'iiid help call')"),
    (
      ["call", "f", "--timeout", "5"],
      "unknown option '--timeout' of call, did you mean '--timeout-ms'? (see 'iiid help call')"
    ),
    (["list"], "list needs WHAT: one of functions, workers, triggers, trigger-types (see 'iiid help list')"),
    (
      ["list", "worker"],
      "list: WHAT is one of functions, workers, triggers, trigger-types, not 'worker', did you mean 'workers'? "
        + "(see 'iiid help list')"
    ),
    (["-x"], "unknown option '-x' of serve (see 'iiid help serve')"),
    (["--version", "--dev"], "unknown option '--dev' of version (see 'iiid help version')"),
    (["--socket"], "--socket needs a value: --socket PATH (see 'iiid help serve')"),
    (["--socket", "--dev"], "--socket needs a value: --socket PATH (see 'iiid help serve')"),
    (["--socket="], "--socket needs a value that is not empty (see 'iiid help serve')"),
    (["--dev=yes"], "--dev takes no value (see 'iiid help serve')"),
    ([""], "unknown command '' (see 'iiid help')"),
  ])
  func meaningless(arguments: [String], message: String) {
    #expect(throws: UsageError.self) { try ParsedCommandLine(parsing: arguments) }
    do throws(UsageError) {
      _ = try ParsedCommandLine(parsing: arguments)
    } catch {
      #expect(error.description == message)
    }
  }

  @Test
  func aLongUnknownOptionIsAnsweredAtOnce() {
    #expect(throws: UsageError.self) { try ParsedCommandLine(parsing: ["--" + String(repeating: "x", count: 1 << 20)]) }
  }

  @Test
  func optionNamesAreUnique() {
    for command in Command.allCases {
      let names = command.options.map(\.name)
      #expect(Set(names).count == names.count)
      #expect(!names.contains("help"))
    }
  }
}
