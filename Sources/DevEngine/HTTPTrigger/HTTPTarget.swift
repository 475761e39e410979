/// The target of a request: its path as it was sent, and its query read as a form. RFC 9112, section 3.2.
struct HTTPTarget: Equatable {
  let path: String
  /// The query's fields; of two with one name the last one counts, as with a real engine.
  let query: JSONObject

  /// Reads the target of a request line: a path, or a whole URL as a proxy would send it; nil for anything else.
  init?(_ target: String) {
    var rest = Array(target.utf8)[...]
    for scheme in ["http://", "https://"] where rest.starts(with: scheme.utf8) {
      rest = rest.dropFirst(scheme.utf8.count).drop { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
      if rest.first != UInt8(ascii: "/") { rest = Array("/".utf8) + rest }
    }
    guard rest.first == UInt8(ascii: "/") else { return nil }
    rest = rest.prefix { $0 != UInt8(ascii: "#") }
    let path = rest.prefix { $0 != UInt8(ascii: "?") }
    self.path = String(decoding: path, as: UTF8.self)
    query = JSONObject(
      rest.dropFirst(path.count + 1).split(separator: UInt8(ascii: "&")).map { field in
        let name = field.prefix { $0 != UInt8(ascii: "=") }
        return JSONObject.Member(
          name: Self.decoded(name), value: .string(Self.decoded(field.dropFirst(name.count + 1))))
      })
  }

  /// The text of a form's field: `+` for a space, `%xx` for a byte; what is no UTF-8 is replaced.
  private static func decoded(_ text: ArraySlice<UInt8>) -> String {
    var bytes: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        let digits = rest.prefix(2)
        guard digits.count == 2, digits.allSatisfy(\.isHexadecimalDigit),
          let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
        else {
          bytes.append(byte)
          continue
        }
        bytes.append(code)
        rest = rest.dropFirst(2)
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension UInt8 {
  fileprivate var isHexadecimalDigit: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}
