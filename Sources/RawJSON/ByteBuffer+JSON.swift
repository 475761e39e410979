public import Bytes

extension ByteBuffer {
  /// Appends `text` as a JSON string with its quotes; only what JSON requires is escaped.
  public mutating func append(jsonString text: String) {
    append(UInt8(ascii: "\""))
    append(escaping: text.utf8.span)
    append(UInt8(ascii: "\""))
  }

  /// Appends the bytes of `text`, which are UTF-8, escaped as the inside of a JSON string.
  public mutating func append(escaping text: Span<UInt8>) {
    var start = 0
    for index in text.indices {
      let byte = text[index]
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
      append(text.extracting(start..<index))
      append(UInt8(ascii: "\\"))
      switch byte {
      case 0x0a: append(UInt8(ascii: "n"))
      case 0x0d: append(UInt8(ascii: "r"))
      case 0x09: append(UInt8(ascii: "t"))
      case 0x00..<0x20:
        append("u00")
        append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
        let low = byte & 0xf
        append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") - 10 + low)
      default: append(byte)
      }
      start = index + 1
    }
    append(text.extracting(start..<text.count))
  }

  /// Appends `number` in decimal.
  @inlinable
  public mutating func append(integer number: Int) {
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var rest = number.magnitude
    var start = 20
    repeat {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
      start &-= 1
      digits[start] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: remainder)
      rest = quotient
    } while rest != 0
    append(capacity: 20) { output in
      if number < 0 { output.append(UInt8(ascii: "-")) }
      while start < 20 {
        output.append(digits[start])
        start &+= 1
      }
    }
  }

  /// Appends a JSON text as it is, or with `flattening` so that it fits on one line: a raw LF or CR, which can stand
  /// only between tokens, becomes a space.
  @inlinable
  public mutating func append(json text: Span<UInt8>, flattening: Bool) {
    guard flattening else { return append(text) }
    append(capacity: text.count) { output in
      for index in text.indices {
        let byte = text[index]
        output.append(byte == 0x0a || byte == 0x0d ? 0x20 : byte)
      }
    }
  }
}
