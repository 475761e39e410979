/// The completion script for fish, made from the table of commands.
enum FishCompletion {
  static var text: String {
    """
    # Completion of iiid for fish, made by 'iiid completion fish'.

    function __iiid_command
        set -l words (commandline -opc)
        if test (count $words) -gt 1; and not string match -q -- '-*' $words[2]
            echo $words[2]
        else if test (count $words) -gt 1; or string match -q -- '-*' (commandline -ct)
            echo serve
        end
    end

    # Whether the command is the first argument, and as many words as the second stand between it and the cursor.
    function __iiid_at
        set -l words (commandline -opc)
        test "$(__iiid_command)" = $argv[1]; and test (count (string match -v -- '-*' $words[3..])) -eq $argv[2]
    end

    function __iiid_functions
        command iiid list functions --ids --timeout-ms 1000 2>/dev/null
    end

    complete -c iiid -f
    \(lines.joined(separator: "\n"))

    """
  }

  private static var lines: [String] {
    var lines = Command.allCases.map {
      "complete -c iiid -n 'test -z \"$(__iiid_command)\"' -a \($0.rawValue) -d \(quoted($0.summary))"
    }
    for command in Command.allCases {
      let condition = "-n 'test \"$(__iiid_command)\" = \(command.rawValue)'"
      for option in command.options {
        let value = option.completion.map(value) ?? ""
        lines.append("complete -c iiid \(condition) -l \(option.name)\(value) -d \(quoted(option.summary))")
      }
      lines.append("complete -c iiid \(condition) -l help -d 'show this help'")
      for (place, operand) in command.operands.enumerated() {
        guard let candidates = candidates(operand.completion) else { continue }
        lines.append("complete -c iiid -n '__iiid_at \(command.rawValue) \(place)'\(candidates)")
      }
    }
    return lines
  }

  /// The flags of `complete` for an option that takes a value.
  private static func value(_ kind: CompletionKind) -> String {
    kind == .file ? " -r -F" : " -x" + (candidates(kind) ?? "")
  }

  private static func candidates(_ kind: CompletionKind) -> String? {
    switch kind {
    case .choices(let choices): " -a \(quoted(choices.joined(separator: " ")))"
    case .file: " -F"
    case .group: " -a '(__fish_complete_groups)'"
    case .function: " -a '(__iiid_functions)'"
    case .text: nil
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "'"
    for character in text {
      if character == "'" || character == "\\" { result += "\\" }
      result.append(character)
    }
    return result + "'"
  }
}
