/// The help of `iiid` and of its commands, made from the tables that the parser reads.
enum HelpText {
  /// How wide the column of names is.
  private static let column = 31
  private static let width = 100

  /// What `iiid help` shows.
  static var overview: String {
    var text = """
      iiid makes programs on this machine workers of an iii engine.

      Usage: iiid [COMMAND] [OPTION]...

      Commands:

      """
    for command in Command.allCases {
      let operand = command.operand.map { " [\($0)]" } ?? ""
      append(command.rawValue + operand, command.summary, to: &text)
    }
    text += """

      Without a command: serve. 'iiid help COMMAND' shows the options of a command.

      """
    return text
  }

  /// What `iiid help COMMAND` and `iiid COMMAND --help` show.
  static func of(_ command: Command) -> String {
    let operand = command.operand.map { " [\($0)]" } ?? ""
    let options = command.options.isEmpty ? "" : " [OPTION]..."
    var text = "Usage: iiid \(command.rawValue)\(options)\(operand)\n\n\(sentence(command.summary))\n\nOptions:\n"
    for option in command.options {
      append(option.flag + (option.argument.map { " \($0)" } ?? ""), description(of: option), to: &text)
    }
    append("--help", "show this help", to: &text)
    return text
  }

  private static func description(of option: OptionDefinition) -> String {
    var text = option.summary
    if !option.choices.isEmpty { text += ": " + option.choices.joined(separator: ", ") }
    switch (option.variable, option.fallback) {
    case (let variable?, let fallback?): text += " (else \(variable), else \(fallback))"
    case (let variable?, nil): text += " (else \(variable))"
    case (nil, let fallback?): text += " (else \(fallback))"
    case (nil, nil): break
    }
    return text
  }

  private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }

  private static func append(_ name: String, _ description: String, to text: inout String) {
    var line = "  " + name
    line += String(repeating: " ", count: max(2, column - line.count))
    for word in description.split(separator: " ") {
      if line.count + 1 + word.count > width {
        text += line + "\n"
        line = String(repeating: " ", count: column)
      }
      line += (line.hasSuffix(" ") ? "" : " ") + word
    }
    text += line + "\n"
  }
}
