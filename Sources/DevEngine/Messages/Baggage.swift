/// The list of a `baggage` header: `key=value;property, …` (W3C Baggage, section 3.2). Values are kept percent-encoded.
struct Baggage {
  private var entries: [(key: String, value: String)] = []

  /// The list in `text`; members that are no `key=value` are left out.
  init(_ text: String?) {
    for member in (text ?? "").split(separator: ",") {
      let sides = member.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2 else { continue }
      let key = Self.trimmed(sides[0])
      if !key.isEmpty { entries.append((key, Self.trimmed(sides[1]))) }
    }
  }

  /// The header's text.
  var text: String { entries.map { "\($0.key)=\($0.value)" }.joined(separator: ",") }

  /// The list with `value` under `key`, in place of what was there.
  func setting(_ key: String, to value: String) -> Baggage {
    var copy = self
    let entry = (key: key, value: Self.encoded(value))
    if let index = entries.firstIndex(where: { $0.key == key }) {
      copy.entries[index] = entry
    } else {
      copy.entries.append(entry)
    }
    return copy
  }

  /// The decoded value under `key`, without properties.
  subscript(key: String) -> String? {
    entries.last { $0.key == key }.map { Self.decoded($0.value) }
  }

  /// All keys with their decoded values.
  var all: [(key: String, value: String)] { entries.map { ($0.key, Self.decoded($0.value)) } }

  private static func trimmed(_ text: Substring) -> String {
    let isSpace = { (character: Character) in character == " " || character == "\t" }
    var rest = text.drop(while: isSpace)
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return String(rest)
  }

  /// Percent-encodes what may not stand in a value (W3C Baggage, section 3.3.1).
  private static func encoded(_ value: String) -> String {
    var bytes: [UInt8] = []
    for byte in value.utf8 {
      switch byte {
      case 0x21, 0x23, 0x24, 0x26...0x2b, 0x2d...0x3a, 0x3c...0x5b, 0x5d...0x7e: bytes.append(byte)
      default:
        let digits = Array("0123456789ABCDEF".utf8)
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xf)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func decoded(_ value: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(value.utf8.prefix { $0 != UInt8(ascii: ";") })[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
