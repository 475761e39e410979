/// Bytes as text of 64 characters, with padding.
///
/// RFC 4648, section 4.
enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The text for `bytes`.
  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let size = min(3, bytes.count - start)
      var group = 0
      for index in 0..<3 { group = group << 8 | (index < size ? Int(bytes[start + index]) : 0) }
      for index in 0..<4 {
        text.append(index <= size ? alphabet[group >> (18 - 6 * index) & 0x3F] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of `text`; nil unless it is exactly what ``encode(_:)`` makes of them.
  static func decode(_ text: String) -> [UInt8]? {
    let characters = Array(text.utf8)
    guard characters.count % 4 == 0 else { return nil }
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: characters.count, by: 4) {
      var group = 0
      var size = 3
      for index in 0..<4 {
        let character = characters[start + index]
        let isPadding = character == UInt8(ascii: "=") && start + 4 == characters.count && index >= 2
        if isPadding { size = min(size, index - 1) }
        guard let value = isPadding ? 0 : value(of: character), isPadding || size == 3 else { return nil }
        group = group << 6 | value
      }
      // Bits that the padding leaves over: one value, one text.
      guard group & (1 << (24 - 8 * size)) - 1 == 0 || size == 3 else { return nil }
      for index in 0..<size { bytes.append(UInt8(truncatingIfNeeded: group >> (16 - 8 * index))) }
    }
    return bytes
  }

  private static func value(of character: UInt8) -> Int? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(character - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(character - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(character - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
