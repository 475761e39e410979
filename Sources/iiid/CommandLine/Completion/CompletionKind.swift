/// What a shell may propose for an argument.
enum CompletionKind: Equatable {
  /// One of these.
  case choices([String])
  /// A file or directory.
  case file
  /// A group of users.
  case group
  /// The id of a function, as `iiid list` has it.
  case function
  /// Nothing: only the user knows.
  case text

  /// - Parameters:
  ///   - name: What the help calls the argument.
  ///   - choices: The only texts that it takes; empty for any.
  init(_ name: String, _ choices: [String]) {
    switch name {
    case _ where !choices.isEmpty: self = .choices(choices)
    case "PATH", "FILE": self = .file
    case "GROUP": self = .group
    case "FUNCTION": self = .function
    default: self = .text
    }
  }
}

extension OptionDefinition {
  /// What may stand behind it; nil when nothing does.
  var completion: CompletionKind? { argument.map { CompletionKind($0, choices) } }
}

extension OperandDefinition {
  /// What may stand in its place.
  var completion: CompletionKind { CompletionKind(name, choices) }
}
