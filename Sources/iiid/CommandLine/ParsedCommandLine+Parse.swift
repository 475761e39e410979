extension ParsedCommandLine {
  /// Reads the arguments behind the program's name.
  ///
  /// Long options only, as `--option value` or `--option=value`; a name is never guessed from its beginning, so that a
  /// later option cannot change what a script means. Behind `--` everything is an operand.
  init(parsing arguments: [String]) throws(UsageError) {
    var rest = arguments[...]
    self.init(command: .serve)
    switch rest.first {
    case nil, "--"?: break
    case "--version"?, "-V"?:
      command = .version
      rest.removeFirst()
    case "--help"?, "-h"?:
      command = .help
      rest.removeFirst()
    case let first? where !first.hasPrefix("-"):
      guard let named = Command(rawValue: first) else { throw .unknownCommand(first) }
      command = named
      rest.removeFirst()
    default: break
    }
    try readOptions(&rest)
    // Whoever asks for help need not know yet what else to write.
    if !wantsHelp { try checkOperands() }
  }

  private func checkOperands() throws(UsageError) {
    let known = command.operands
    // `iiid --socket PATH status` is the daemon with a strange argument.
    if command == .serve, let meant = operands.first.flatMap(Command.init) {
      throw UsageError("'\(meant.rawValue)' is a command, which stands before its options: iiid \(meant.rawValue) ...")
    }
    if operands.count > known.count {
      throw known.isEmpty
        ? UsageError("\(command.rawValue) takes no argument '\(operands[0])'", about: command)
        : UsageError("\(command.rawValue) takes no further argument '\(operands[known.count])'", about: command)
    }
    if operands.count < known.count, known[operands.count].isRequired {
      throw .missingOperand(known[operands.count], command)
    }
    // An unknown command has words of its own.
    for (text, operand) in zip(operands, known)
    where operand != .command && !operand.choices.isEmpty && !operand.choices.contains(text) {
      throw .unknownChoice(text, of: operand, command)
    }
  }

  private mutating func readOptions(_ rest: inout ArraySlice<String>) throws(UsageError) {
    while let argument = rest.popFirst() {
      if argument == "--" {
        operands += rest
        return
      }
      guard argument.hasPrefix("-"), argument != "-", !Self.isNumber(argument) else {
        operands.append(argument)
        continue
      }
      if argument == "--help" || argument == "-h" {
        wantsHelp = true
        continue
      }
      let (flag, attached) = Self.split(argument)
      guard let option = command.options.first(where: { $0.flag == flag }) else { throw .unknownOption(flag, command) }
      options[option.name] = try Self.value(of: option, attached, &rest, command)
    }
  }

  /// Whether this is no option but a number below zero, which a payload may be.
  private static func isNumber(_ argument: String) -> Bool {
    guard let second = argument.utf8.dropFirst().first else { return false }
    return UInt8(ascii: "0")...UInt8(ascii: "9") ~= second
  }

  /// `--option=value` in two parts; the value is nil without the sign.
  private static func split(_ argument: String) -> (flag: String, value: String?) {
    guard let sign = argument.firstIndex(of: "=") else { return (argument, nil) }
    return (String(argument[..<sign]), String(argument[argument.index(after: sign)...]))
  }

  private static func value(
    of option: OptionDefinition, _ attached: String?, _ rest: inout ArraySlice<String>, _ command: Command
  ) throws(UsageError) -> String {
    guard let kind = option.argument else {
      if attached != nil { throw UsageError("\(option.flag) takes no value", about: command) }
      return ""
    }
    // What looks like the next option is taken for a forgotten value; --option=--value is the way to mean it.
    guard let value = attached ?? (rest.first?.hasPrefix("--") == true ? nil : rest.popFirst()) else {
      throw UsageError("\(option.flag) needs a value: \(option.flag) \(kind)", about: command)
    }
    if value.isEmpty { throw UsageError("\(option.flag) needs a value that is not empty", about: command) }
    return value
  }
}
