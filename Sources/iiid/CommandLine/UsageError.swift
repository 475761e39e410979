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

  private static func hint(_ text: String, among known: [String]) -> String {
    let best = known.map { (name: $0, distance: editDistance(text, $0)) }.min { $0.distance < $1.distance }
    guard let best, best.distance <= 2 else { return "" }
    return ", did you mean '\(best.name)'?"
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
