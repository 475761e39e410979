/// The help of `iiid` and of its commands, made from the tables that the parser reads.
enum HelpText {
  /// How wide the column of names is.
  private static let column = 31
  /// The same for exit statuses, which are short.
  private static let statusColumn = 7
  private static let width = 100

  /// What `iiid help` shows.
  static var overview: String {
    var text = """
      iiid makes programs on this machine workers of an iii engine.

      Usage: iiid [COMMAND] [OPTION]...

      Commands:

      """
    for command in Command.allCases {
      append(([command.rawValue] + command.operands.map(\.usage)).joined(separator: " "), command.summary, to: &text)
    }
    text += """

      Without a command: serve. 'iiid help COMMAND' shows what a command takes, and how it ends.

      """
    return text
  }

  /// What `iiid help COMMAND` and `iiid COMMAND --help` show.
  static func of(_ command: Command) -> String {
    let usage = ["Usage: iiid \(command.rawValue)"] + (command.options.isEmpty ? [] : ["[OPTION]..."])
    var text = (usage + command.operands.map(\.usage)).joined(separator: " ") + "\n\n"
    text += sentence(command.summary) + "\n"
    for paragraph in command.details {
      text += "\n"
      append("", paragraph, indentedBy: 0, to: &text)
    }
    if !command.operands.isEmpty {
      text += "\nArguments:\n"
      for operand in command.operands {
        append(operand.name, operand.summary + listed(operand.choices), to: &text)
      }
    }
    text += "\nOptions:\n"
    for option in command.options {
      append(option.flag + (option.argument.map { " \($0)" } ?? ""), description(of: option), to: &text)
    }
    append("--help", "show this help", to: &text)
    text += "\nExit status:\n"
    for row in command.exitStatuses {
      append(String(row.status.rawValue), row.meaning, indentedBy: statusColumn, to: &text)
    }
    return text
  }

  private static func description(of option: OptionDefinition) -> String {
    var text = option.summary + listed(option.choices)
    switch (option.variable, option.fallback) {
    case (let variable?, let fallback?): text += " (else \(variable), else \(fallback))"
    case (let variable?, nil): text += " (else \(variable))"
    case (nil, let fallback?): text += " (else \(fallback))"
    case (nil, nil): break
    }
    return text
  }

  private static func listed(_ choices: [String]) -> String {
    choices.isEmpty ? "" : ": " + choices.joined(separator: ", ")
  }

  private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }

  /// Appends a row: a name, and behind the column what it means, in as many lines as that needs.
  private static func append(
    _ name: String, _ description: String, indentedBy indentation: Int = column, to text: inout String
  ) {
    var line = name.isEmpty ? "" : "  " + name
    line += String(repeating: " ", count: max(name.isEmpty ? 0 : 2, indentation - line.count))
    for word in description.split(separator: " ") {
      if line.count + 1 + word.count > width {
        text += line + "\n"
        line = String(repeating: " ", count: indentation)
      }
      line += (line.isEmpty || line.hasSuffix(" ") ? "" : " ") + word
    }
    text += line + "\n"
  }
}
