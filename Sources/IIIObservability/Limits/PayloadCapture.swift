import Bytes
import RawJSON

/// Payloads as spans show them: secrets out, cut to a length (engine protocol, section 7.3).
package struct PayloadCapture: Sendable, Equatable {
  /// The most bytes of the text; nil: any number.
  package var limit: Int?

  package init(limit: Int?) { self.limit = limit }

  /// What stands in place of a value whose name looks secret.
  static let redacted = #""[REDACTED]""#
  /// How a text ends that was cut.
  static let cut = #"..."[TRUNCATED]""#
  /// A payload beyond this is not looked at: reading it would cost more than it tells.
  static let largest = 1 << 20

  private static let secrets = [
    "api_key", "apikey", "api-key", "password", "secret", "credential", "authorization", "auth_token", "access_token",
    "refresh_token", "bearer", "private_key", "client_secret",
  ]

  /// Whether what stands under that name is nobody's business.
  package static func isSecret(_ name: String) -> Bool {
    let name = name.lowercased()
    return name.hasSuffix("token") || secrets.contains { stands($0, in: name) }
  }

  /// `String.contains` would bring the whole of regular expressions with it: 1 MB.
  private static func stands(_ word: String, in name: String) -> Bool {
    var rest = name.utf8[...]
    while rest.count >= word.utf8.count {
      if rest.starts(with: word.utf8) { return true }
      rest = rest.dropFirst()
    }
    return false
  }

  /// The text for a span.
  ///
  /// - Parameter payload: A JSON text.
  /// - Returns: The text, and whether something is missing at its end.
  package func text(_ payload: Span<UInt8>) -> (text: String, isTruncated: Bool) {
    guard payload.count <= Self.largest, let outline = try? JSONOutline(payload) else { return (Self.cut, true) }
    var output = ByteBuffer(capacity: payload.count)
    Self.write(0, outline.entries, payload, &output)
    guard let limit, output.count > limit else { return (String(utf8: output.span) ?? "", false) }
    let room = max(0, limit - Self.cut.utf8.count)
    return (Self.prefix(output.span, room) + Self.cut, true)
  }

  /// At most `count` bytes, and no half character.
  private static func prefix(_ text: Span<UInt8>, _ count: Int) -> String {
    var end = min(count, text.count)
    while end > 0, end < text.count, text[end] & 0xc0 == 0x80 { end -= 1 }
    return String(utf8: text.extracting(0..<end)) ?? ""
  }

  private static func write(
    _ index: Int, _ entries: [JSONOutline.Entry], _ text: Span<UInt8>, _ output: inout ByteBuffer
  ) {
    let entry = entries[index]
    switch entry.kind {
    case .object:
      output.append(UInt8(ascii: "{"))
      var next = index + 1
      while next < Int(entry.next) {
        if next > index + 1 { output.append(UInt8(ascii: ",")) }
        append(string: entries[next], text, &output)
        output.append(UInt8(ascii: ":"))
        if isSecret(AttributeValue.string(entries[next], text)) {
          output.append(redacted)
        } else {
          write(next + 1, entries, text, &output)
        }
        next = Int(entries[next + 1].next)
      }
      output.append(UInt8(ascii: "}"))
    case .array:
      output.append(UInt8(ascii: "["))
      var next = index + 1
      while next < Int(entry.next) {
        if next > index + 1 { output.append(UInt8(ascii: ",")) }
        write(next, entries, text, &output)
        next = Int(entries[next].next)
      }
      output.append(UInt8(ascii: "]"))
    case .string: append(string: entry, text, &output)
    default: output.append(text.extracting(entry.range))
    }
  }

  private static func append(string entry: JSONOutline.Entry, _ text: Span<UInt8>, _ output: inout ByteBuffer) {
    output.append(UInt8(ascii: "\""))
    output.append(text.extracting(entry.range))
    output.append(UInt8(ascii: "\""))
  }
}
