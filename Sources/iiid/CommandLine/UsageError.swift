/// A command line that means nothing: said on standard error, with exit status 64.
struct UsageError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong, and where to look it up.
  let description: String

  init(_ problem: String, about command: Command? = nil) {
    let help = command.map { "iiid help \($0.rawValue)" } ?? "iiid help"
    description = "\(problem) (see '\(help)')"
  }

  static func unknownCommand(_ text: String) -> UsageError {
    let known = Command.allCases.map(\.rawValue)
    return UsageError("unknown command '\(text)'\(hint(text, among: known))")
  }

  static func unknownOption(_ flag: String, _ command: Command) -> UsageError {
    let known = command.options.map(\.flag) + ["--help"]
    return UsageError("unknown option '\(flag)' of \(command.rawValue)\(hint(flag, among: known))", about: command)
  }

  static func missingOperand(_ operand: OperandDefinition, _ command: Command) -> UsageError {
    let choices = operand.choices.isEmpty ? "" : ": one of " + operand.choices.joined(separator: ", ")
    return UsageError("\(command.rawValue) needs \(operand.name)\(choices)", about: command)
  }

  static func unknownChoice(_ text: String, of operand: OperandDefinition, _ command: Command) -> UsageError {
    let known = operand.choices.joined(separator: ", ")
    return UsageError(
      "\(command.rawValue): \(operand.name) is one of \(known), not '\(text)'\(hint(text, among: operand.choices))",
      about: command)
  }

  /// The name that was meant, when one is near, or begins with what was written.
  private static func hint(_ text: String, among known: [String]) -> String {
    let best = known.map { (name: $0, distance: editDistance(text, $0)) }.min { $0.distance < $1.distance }
    if let best, best.distance <= 2 { return ", did you mean '\(best.name)'?" }
    guard text.utf8.count > 3, let longer = known.first(where: { $0.hasPrefix(text) }) else { return "" }
    return ", did you mean '\(longer)'?"
  }

  /// How many letters must be inserted, dropped or replaced to make `right` of `left`.
  private static func editDistance(_ left: String, _ right: String) -> Int {
    // What is longer than any name is far from all of them, and is not compared letter by letter.
    guard left.utf8.count <= 64 else { return .max }
    let right = Array(right.utf8)
    var row = Array(0...right.count)
    for (index, letter) in left.utf8.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in right.indices {
        let replaced = diagonal + (letter == right[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[right.count]
  }
}
