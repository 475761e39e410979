package import Bytes
package import RawJSON

/// The id of a request: a string or an integer, kept as it was written so that the answer carries the same bytes.
///
/// Ids of at most 15 bytes, quotes not counted, need no memory of their own. Two ids are equal when they mean the same:
/// `"a"` and `"\u0061"` are, `1` and `"1"` are not.
package struct RequestID: Hashable, Sendable {
  /// How many bytes an id may have: it is kept as long as its request is open.
  package static let longest = 1024

  /// The digits, or what stands between the quotes.
  private let text: String
  private let isString: Bool
  private let isEscaped: Bool

  /// The integer `number`.
  package init(_ number: Int) {
    text = String(number)
    isString = false
    isEscaped = false
  }

  /// The string `text`.
  package init(_ text: String) {
    var buffer = ByteBuffer()
    buffer.append(escaping: text.utf8.span)
    self.text = String(utf8: buffer.span) ?? ""
    isString = true
    isEscaped = self.text.utf8.count != text.utf8.count
  }

  /// The id that `member` holds; nil when that is neither a string nor an integer, or longer than ``longest``.
  package init?(_ member: JSONMember, in text: Span<UInt8>) {
    guard member.value.count <= Self.longest &+ 2 else { return nil }
    switch member.kind {
    case .integer:
      guard let digits = String(utf8: member.raw(in: text)) else { return nil }
      // -0 is an integer as well, and means 0.
      self.text = digits == "-0" ? "0" : digits
      isString = false
    case .string:
      let content = text.extracting((member.value.lowerBound &+ 1)..<(member.value.upperBound &- 1))
      // A control character could end our line: such an id cannot be given back.
      for index in content.indices where content[index] < 0x20 { return nil }
      guard let characters = String(utf8: content) else { return nil }
      self.text = characters
      isString = true
    default: return nil
    }
    isEscaped = member.isEscaped
  }

  /// Compares what the ids mean, byte by byte: texts that only look alike are different ids.
  package static func == (left: RequestID, right: RequestID) -> Bool {
    guard left.isString == right.isString else { return false }
    if !left.isEscaped, !right.isEscaped { return left.text.utf8.elementsEqual(right.text.utf8) }
    return left.meaning.utf8.elementsEqual(right.meaning.utf8)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(isEscaped ? meaning : text) }

  /// The characters of a string id with its escapes resolved.
  private var meaning: String { isEscaped ? String(jsonContent: text.utf8.span) ?? text : text }

  /// Appends the id as JSON.
  package func write(to output: inout ByteBuffer) {
    if isString { output.append(UInt8(ascii: "\"")) }
    output.append(text)
    if isString { output.append(UInt8(ascii: "\"")) }
  }
}

extension RequestID: CustomStringConvertible {
  /// The id as JSON, for logs.
  package var description: String { isString ? "\"\(text)\"" : text }
}
