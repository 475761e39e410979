/// The secret that the engine knows us by. Shows itself nowhere but in ``secret``.
struct BearerToken: Equatable, Sendable {
  /// The token as it goes into the Authorization header.
  let secret: String

  /// Takes a token from the content of a file or variable: blanks and line ends around it do not count.
  ///
  /// A header is made of it, so it may hold visible ASCII only (RFC 9110, section 5.5; RFC 6750, section 2.1).
  init(_ content: String) throws(SettingProblem) {
    let bytes = content.utf8
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }
    guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
    else { throw SettingProblem("holds no token", remedy: "put the token there, in one line") }
    guard bytes[first...last].allSatisfy({ (0x21...0x7e).contains($0) }) else {
      throw SettingProblem(
        "the token holds a blank, a line end or a character beyond ASCII", remedy: "put the token there, in one line")
    }
    secret = String(content[first...last])
  }
}

extension BearerToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "(secret)" }
  var debugDescription: String { description }
  var customMirror: Mirror { Mirror(self, children: []) }
}
