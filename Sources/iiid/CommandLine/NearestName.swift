/// What somebody may have meant who wrote a name that is none.
enum NearestName {
  /// `, did you mean 'name'?`, or nothing when no known name is near.
  static func hint(_ text: String, among known: [String]) -> String {
    find(text, among: known).map { ", did you mean '\($0)'?" } ?? ""
  }

  /// The known name that differs in the fewest letters, of at most two, or that begins with what was written; nil when
  /// there is none.
  static func find(_ text: String, among known: [String]) -> String? {
    let best = known.map { (name: $0, distance: editDistance(text, $0)) }.min { $0.distance < $1.distance }
    if let best, best.distance <= 2 { return best.name }
    return text.utf8.count > 3 ? known.first { $0.hasPrefix(text) } : nil
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
