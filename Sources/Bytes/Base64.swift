/// Bytes as text of 64 characters, with padding.
///
/// RFC 4648, section 4.
package enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")

  /// The value of each character; 64 for those that have none.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 64, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()

  /// The text for `bytes`.
  package static func encode(_ bytes: [UInt8]) -> String {
    let alphabet = alphabet
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index + 2 < bytes.count {
      let group = Int(bytes[index]) << 16 | Int(bytes[index + 1]) << 8 | Int(bytes[index + 2])
      text.append(alphabet[group >> 18])
      text.append(alphabet[group >> 12 & 63])
      text.append(alphabet[group >> 6 & 63])
      text.append(alphabet[group & 63])
      index += 3
    }
    guard index < bytes.count else { return String(decoding: text, as: UTF8.self) }
    let hasTwo = index + 1 < bytes.count
    let group = Int(bytes[index]) << 16 | (hasTwo ? Int(bytes[index + 1]) << 8 : 0)
    text.append(alphabet[group >> 18])
    text.append(alphabet[group >> 12 & 63])
    text.append(hasTwo ? alphabet[group >> 6 & 63] : padding)
    text.append(padding)
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of `text`; nil unless it is exactly what ``encode(_:)`` makes of them.
  package static func decode(_ text: String) -> [UInt8]? {
    let (values, characters) = (values, Array(text.utf8))
    guard characters.count % 4 == 0 else { return nil }
    var length = characters.count
    while length > 0, characters.count - length < 2, characters[length - 1] == padding { length -= 1 }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(length / 4 * 3 + 2)
    var bits: UInt32 = 0
    var count: UInt32 = 0
    for index in 0..<length {
      let value = values[Int(characters[index])]
      guard value < 64 else { return nil }
      bits = bits &<< 6 | UInt32(value)
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: bits &>> count))
    }
    // Bits that are left over would make a second text for the same bytes.
    return bits & ((1 &<< count) - 1) == 0 ? bytes : nil
  }
}
