import Testing

@testable import iiid

@Suite("The completion scripts")
struct CompletionTests {
  @Test(arguments: [BashCompletion.text, ZshCompletion.text, FishCompletion.text])
  func nameEverything(script: String) {
    for command in Command.allCases {
      #expect(script.contains(command.rawValue))
      for option in command.options { #expect(script.contains(option.name)) }
      for choice in command.operands.flatMap(\.choices) { #expect(script.contains(choice)) }
    }
    #expect(script.hasSuffix("\n") && !script.contains("#!"))
  }

  @Test
  func kinds() {
    let logLevel = OptionDefinition.serve.first { $0.name == "log-level" }
    #expect(logLevel?.completion == .choices(LogLevel.allCases.map(\.rawValue)))
    #expect(OptionDefinition.daemonSocket.completion == .file)
    #expect(OptionDefinition.waitFunction.completion == .function)
    #expect(OptionDefinition.void.completion == nil)
    #expect(OptionDefinition.queue.completion == .text)
    #expect(OperandDefinition.function.completion == .function)
  }
}
