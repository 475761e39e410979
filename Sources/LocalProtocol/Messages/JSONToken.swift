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

  /// Whether a JSON string token holds exactly the ASCII characters of `text`.
  static func isEqual(_ token: Span<UInt8>, _ text: StaticString) -> Bool {
    guard let string = string(token) else { return false }
    return string == text.description
  }
}
