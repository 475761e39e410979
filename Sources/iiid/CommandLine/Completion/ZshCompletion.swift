/// The completion script for zsh, made from the table of commands: to be sourced, or a file `_iiid` on `fpath`.
enum ZshCompletion {
  static var text: String {
    """
    #compdef iiid
    # Completion of iiid for zsh, made by 'iiid completion zsh'.

    _iiid() {
      local -a commands=(
    \(rows { "'\($0.rawValue):\(quoted($0.summary))'" })
      )
      if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
        _describe -t commands command commands
        return
      fi
      local command=serve
      if [[ $words[2] != -* ]]; then
        command=$words[2]
        shift words
        (( CURRENT-- ))
      fi
      case $command in
    \(rows { "(\($0.rawValue)) _arguments \(arguments($0)) ;;" })
      esac
    }

    _iiid_functions() {
      local -a ids=(${(f)"$(command iiid list functions --ids --timeout-ms 1000 2>/dev/null)"})
      compadd -a ids
    }

    if [[ $funcstack[1] == _iiid ]]; then _iiid "$@"; else compdef _iiid iiid; fi

    """
  }

  private static func rows(_ row: (Command) -> String) -> String {
    Command.allCases.map { "    " + row($0) }.joined(separator: "\n")
  }

  private static func arguments(_ command: Command) -> String {
    var specifications = ["'--help[show this help]'"]
    for option in command.options {
      let head = "'\(option.flag)\(option.argument == nil ? "" : "=")[\(quoted(option.summary))]"
      guard let argument = option.argument, let kind = option.completion else {
        specifications.append(head + "'")
        continue
      }
      specifications.append("\(head):\(argument):\(action(kind))'")
    }
    for operand in command.operands {
      let separator = operand.isRequired ? ":" : "::"
      specifications.append("'\(separator)\(operand.name):\(action(operand.completion))'")
    }
    return specifications.joined(separator: " ")
  }

  private static func action(_ kind: CompletionKind) -> String {
    switch kind {
    case .choices(let choices): "(\(choices.joined(separator: " ")))"
    case .file: "_files"
    case .group: "_groups"
    case .function: "_iiid_functions"
    // With a blank instead, which means the same, nothing else could be completed in its place.
    case .text: "()"
    }
  }

  /// A text inside of a description that stands in single quotes.
  private static func quoted(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "'": result += "'\\''"
      case "[", "]", ":", "\\": result += "\\\(character)"
      default: result.append(character)
      }
    }
    return result
  }
}
