import Testing

@testable import iiid

@Suite("The help")
struct HelpTextTests {
  @Test
  func namesEveryCommand() {
    for command in Command.allCases { #expect(HelpText.overview.contains("\n  \(command.rawValue)")) }
  }

  @Test(arguments: Command.allCases)
  func namesEveryOptionAndVariable(command: Command) {
    let text = HelpText.of(command)
    for option in command.options {
      #expect(text.contains("\n  \(option.flag)"))
      if let variable = option.variable { #expect(text.contains(variable)) }
    }
  }

  @Test(arguments: Command.allCases)
  func fitsIntoATerminal(command: Command) {
    for text in [HelpText.overview, HelpText.of(command)] {
      #expect(text.hasSuffix("\n"))
      for line in text.split(separator: "\n") {
        #expect(line.count <= 100)
        #expect(line.last != " ")
      }
    }
  }

  @Test
  func anOptionReadsAsARow() {
    let rows = HelpText.of(.serve).split(separator: "\n").map(String.init)
    #expect(
      rows.contains("  --engine URL                 the engine's address, ws:// or wss:// (else III_URL, else"))
  }

  @Test
  func helpOfAnUnknownCommand() {
    let commandLine = ParsedCommandLine(command: .help, operands: ["srve"])
    #expect(throws: UsageError.unknownCommand("srve")) { try Help.text(commandLine) }
    #expect((try? Help.text(ParsedCommandLine(command: .help))) == HelpText.overview)
  }
}
