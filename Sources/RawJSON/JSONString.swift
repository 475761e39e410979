import Bytes

/// The characters of a JSON string, from the bytes between its quotes, which the scanner has found well formed.
package enum JSONString {
  /// The text of bytes with escapes. Half of a surrogate pair, which the scanner reports as a violation, becomes U+FFFD.
  package static func decode(_ content: Span<UInt8>) -> String {
    var bytes = ByteBuffer(capacity: content.count)
    var index = 0
    while index < content.count {
      guard content[index] == UInt8(ascii: "\\") else {
        bytes.append(content[index])
        index += 1
        continue
      }
      index += 2
      switch content[index - 1] {
      case UInt8(ascii: "b"): bytes.append(0x08)
      case UInt8(ascii: "f"): bytes.append(0x0c)
      case UInt8(ascii: "n"): bytes.append(0x0a)
      case UInt8(ascii: "r"): bytes.append(0x0d)
      case UInt8(ascii: "t"): bytes.append(0x09)
      case UInt8(ascii: "u"): bytes.append(String(Character(unicodeEscape(content, &index))))
      case let literal: bytes.append(literal)
      }
    }
    return String(utf8: bytes.span) ?? ""
  }

  /// The character of the escape whose four digits begin at `index`, which is moved behind the escape or the pair.
  private static func unicodeEscape(_ content: Span<UInt8>, _ index: inout Int) -> Unicode.Scalar {
    let unit = hexadecimal(content, at: index)
    index += 4
    if unit & 0xfc00 == 0xd800, index + 6 <= content.count,
      content[index] == UInt8(ascii: "\\"), content[index + 1] == UInt8(ascii: "u")
    {
      let low = hexadecimal(content, at: index + 2)
      if low & 0xfc00 == 0xdc00 {
        index += 6
        return Unicode.Scalar(0x10000 + (unit & 0x3ff) << 10 + (low & 0x3ff)) ?? "\u{fffd}"
      }
    }
    return Unicode.Scalar(unit) ?? "\u{fffd}"
  }

  /// The value of the four hexadecimal digits at `offset`.
  static func hexadecimal(_ text: Span<UInt8>, at offset: Int) -> UInt32 {
    var value: UInt32 = 0
    for index in offset..<(offset + 4) { value = value << 4 | UInt32(digit(text[index]) ?? 0) }
    return value
  }

  /// The value of one hexadecimal digit.
  static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension String {
  /// The characters of a JSON string with its quotes; nil when `token` is none.
  public init?(jsonToken token: Span<UInt8>) {
    guard token.count >= 2, token[0] == UInt8(ascii: "\""), token[token.count - 1] == UInt8(ascii: "\"") else {
      return nil
    }
    self.init(jsonContent: token.extracting(1..<(token.count - 1)))
  }

  /// The characters of what stands between the quotes of a JSON string that was scanned; nil when it is not UTF-8.
  public init?(jsonContent content: Span<UInt8>) {
    for index in content.indices where content[index] == UInt8(ascii: "\\") {
      self = JSONString.decode(content)
      return
    }
    self.init(utf8: content)
  }
}
