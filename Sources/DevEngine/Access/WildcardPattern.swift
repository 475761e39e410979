/// A pattern for function ids and metadata: `*` stands for any text, everything else for itself.
package struct WildcardPattern: Equatable, Sendable {
  /// As it was written.
  package let text: String

  package init(_ text: String) { self.text = text }

  /// The pattern within `match("…")` or `match('…')`; nil for any other text.
  package init?(call text: String) {
    let trimmed = text.drop { $0 == " " }
    for quote in ["\"", "'"] {
      let start = "match(\(quote)"
      let end = "\(quote))"
      guard trimmed.hasPrefix(start), trimmed.hasSuffix(end), trimmed.count >= start.count + end.count else { continue }
      self.init(String(trimmed.dropFirst(start.count).dropLast(end.count)))
      return
    }
    return nil
  }

  /// Whether the whole of `value` is of this form.
  package func matches(_ value: String) -> Bool {
    let pattern = Array(text.utf8)
    let value = Array(value.utf8)
    var (index, position) = (0, 0)
    // Where the last star was, and what it stands for so far: on a mismatch it takes one byte more.
    var star: (index: Int, position: Int)?
    while position < value.count {
      if index < pattern.count, pattern[index] == UInt8(ascii: "*") {
        star = (index, position)
        index += 1
      } else if index < pattern.count, pattern[index] == value[position] {
        index += 1
        position += 1
      } else if let last = star {
        star = (last.index, last.position + 1)
        index = last.index + 1
        position = last.position + 1
      } else {
        return false
      }
    }
    return pattern[index...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
