/// The completion script for bash, made from the table of commands.
///
/// It needs nothing beside bash 4.4, and takes words by blanks alone: the shell would break them at ':' and '=' too, which
/// ids of functions and options have.
enum BashCompletion {
  static var text: String {
    """
    # Completion of iiid for bash, made by 'iiid completion bash'.

    _iiid() {
      local line=${COMP_LINE:0:COMP_POINT} command=serve first=1 position=0 kind='' options='' valued='' index
      local -a words=()
      COMPREPLY=()
      read -ra words <<<"$line"
      if [[ $line == *[[:space:]] ]]; then words+=(''); fi
      local word=${words[${#words[@]} - 1]} previous=${words[${#words[@]} - 2]}
      if ((${#words[@]} > 2)) && [[ ${words[1]} != -* ]]; then
        command=${words[1]}
        first=2
      fi
      case $command in
    \(rows { "\($0.rawValue)) options='\(flags($0.options))' valued='\(flags($0.options.filter { $0.argument != nil }))' ;;" })
        *) return ;;
      esac
      local value=$word
      if [[ $word == --*=* ]]; then
        kind=${word%%=*}
        value=${word#*=}
      elif [[ " $valued " == *" $previous "* ]]; then
        kind=$previous
      elif [[ $word == -* ]]; then
        kind=options
      else
        for ((index = first; index < ${#words[@]} - 1; index++)); do
          if [[ " $valued " == *" ${words[index]} "* ]]; then
            index=$((index + 1))
          elif [[ ${words[index]} != --* ]]; then
            position=$((position + 1))
          fi
        done
        kind=$position
      fi
      if ((${#words[@]} == 2)) && [[ $word != -* ]]; then command='' kind=0; fi
      case "$command $kind" in
        *' options') mapfile -t COMPREPLY < <(compgen -W "$options --help" -- "$word") ;;
        ' 0') mapfile -t COMPREPLY < <(compgen -W '\(names)' -- "$word") ;;
    \(kinds)
      esac
      # The shell replaces only what stands behind the last ':' or '='.
      local own=${COMP_WORDS[COMP_CWORD]}
      local known=${value%"${own##*[:=]}"}
      if [[ -n $known && $value == *[:=]* ]]; then COMPREPLY=("${COMPREPLY[@]#"$known"}"); fi
    }

    # What is proposed is pasted into a command line, and anybody at the engine may name a function: only plain names are.
    _iiid_functions() {
      local id
      while read -r id; do
        if [[ $id == "$1"* && $id != *[^A-Za-z0-9_:./@+-]* ]]; then COMPREPLY+=("$id"); fi
      done < <(command iiid list functions --ids --timeout-ms 1000 2>/dev/null)
    }

    complete -F _iiid iiid

    """
  }

  private static var names: String { Command.allCases.map(\.rawValue).joined(separator: " ") }

  private static func flags(_ options: [OptionDefinition]) -> String {
    options.map(\.flag).joined(separator: " ")
  }

  private static func rows(_ row: (Command) -> String) -> String {
    Command.allCases.map { "    " + row($0) }.joined(separator: "\n")
  }

  /// What is proposed behind an option, or in the place of an operand.
  private static var kinds: String {
    var lines: [String] = []
    for command in Command.allCases {
      for option in command.options {
        guard let action = option.completion.flatMap(action) else { continue }
        lines.append("    '\(command.rawValue) \(option.flag)') \(action) ;;")
      }
      for (place, operand) in command.operands.enumerated() {
        guard let action = action(operand.completion) else { continue }
        lines.append("    '\(command.rawValue) \(place)') \(action) ;;")
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func action(_ kind: CompletionKind) -> String? {
    switch kind {
    case .choices(let choices):
      #"mapfile -t COMPREPLY < <(compgen -W '\#(choices.joined(separator: " "))' -- "$value")"#
    case .file: #"compopt -o filenames 2>/dev/null || :; mapfile -t COMPREPLY < <(compgen -f -- "$value")"#
    case .group: #"mapfile -t COMPREPLY < <(compgen -g -- "$value")"#
    case .function: #"_iiid_functions "$value""#
    case .text: nil
    }
  }
}
