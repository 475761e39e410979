/// The parameters of a URL's query, as forms write them: `a=1&a=2&b=x+y`.
enum QueryParameters {
  /// Each name with the list of its values, in their order.
  static func read(_ query: String) -> JSONObject {
    var parameters = JSONObject()
    for field in query.utf8.split(separator: UInt8(ascii: "&")) {
      let parts = field.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      let name = decoded(parts[0])
      let value = JSONValue.string(parts.count > 1 ? decoded(parts[1]) : "")
      parameters[name] = .array((parameters[name]?.array ?? []) + [value])
    }
    return parameters
  }

  private static func decoded(_ text: Substring.UTF8View) -> String {
    var bytes: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2, rest.first != UInt8(ascii: "+"),
        let code = UInt8(String(Substring(rest.prefix(2))), radix: 16)
      {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
