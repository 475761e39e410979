/// `iiid completion SHELL`.
enum CompletionCommand {
  static func text(_ commandLine: ParsedCommandLine) -> String {
    switch Shell(rawValue: commandLine.operands[0]) {
    case .bash?: BashCompletion.text
    case .zsh?: ZshCompletion.text
    case .fish?: FishCompletion.text
    case nil: ""
    }
  }
}
