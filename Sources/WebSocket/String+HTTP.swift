/// The character classes of HTTP. RFC 9110, section 5.6, and RFC 9112, section 2.3.
extension String {
  /// Whether this is a token: a method or a header's name.
  package var isHTTPToken: Bool { !isEmpty && utf8.allSatisfy(\.isTokenCharacter) }

  /// Whether this has no character but visible ASCII ones, and at least one.
  var isVisibleASCII: Bool { !isEmpty && utf8.allSatisfy { 0x21...0x7E ~= $0 } }

  /// Whether this may be a header's value: no control character but the tab.
  package var isHTTPFieldValue: Bool { utf8.allSatisfy { $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F } }

  /// Whether this is `HTTP/`, a digit, a dot, a digit.
  var isHTTPVersion: Bool {
    let bytes = Array(utf8)
    return bytes.count == 8 && hasPrefix("HTTP/") && bytes[6] == UInt8(ascii: ".")
      && [bytes[5], bytes[7]].allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
  }

  /// Whether both are equal but for the case of ASCII letters.
  package func equalsIgnoringCase(_ other: String) -> Bool {
    utf8.elementsEqual(other.utf8) { $0.lowercasedASCII == $1.lowercasedASCII }
  }

  /// The text without the spaces and tabs around it.
  package func trimmingBlanks() -> String {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    guard let first = utf8.firstIndex(where: { !isBlank($0) }), let last = utf8.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(Substring(utf8[first...last]))
  }
}

extension UInt8 {
  /// The lower-case form of an ASCII letter; any other byte itself.
  fileprivate var lowercasedASCII: UInt8 { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self ? self | 0x20 : self }

  fileprivate var isTokenCharacter: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(self)
    }
  }
}
