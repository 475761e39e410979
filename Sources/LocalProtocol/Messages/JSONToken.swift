import Bytes
import RawJSON

/// Single JSON tokens that were cut from a scanned text.
package enum JSONToken {
  /// The characters of a JSON string token with its quotes; nil for anything else.
  package static func string(_ token: Span<UInt8>) -> String? {
    guard token.count >= 2, token[0] == UInt8(ascii: "\"") else { return nil }
    return characters(token.extracting(1..<(token.count &- 1)))
  }

  /// The characters of what stands between the quotes of a JSON string.
  static func characters(_ content: Span<UInt8>) -> String? {
    var hasEscapes = false
    for index in content.indices where content[index] == UInt8(ascii: "\\") { hasEscapes = true }
    guard hasEscapes else { return String(utf8: content) }
    var array = ByteBuffer(capacity: content.count + 4)
    array.append("[\"")
    array.append(content)
    array.append("\"]")
    var envelope = JSONEnvelope()
    guard (try? envelope.scan(array.span)) != nil else { return nil }
    return envelope.members.first?.string(in: array.span)
  }

  /// The characters of a string value as a key, to be compared with others; nil for any other kind of value.
  static func key(_ member: JSONMember, _ text: Span<UInt8>) -> JSONKey? {
    guard member.kind == .string else { return nil }
    if member.isEscaped { return JSONKey((member.string(in: text) ?? "").utf8.span) }
    return JSONKey(text.extracting((member.value.lowerBound &+ 1)..<(member.value.upperBound &- 1)))
  }
}
