/// What of a caller's W3C baggage stands in spans too (engine protocol, section 7.3).
enum Baggage {
  private static let keys = ["iii.session.id", "iii.message.id", "iii.function.id"]

  /// The attributes that `baggage` makes; its values are percent-encoded.
  static func spanAttributes(_ baggage: String?) -> [Attribute] {
    guard let baggage else { return [] }
    return baggage.split(separator: ",").compactMap { member in
      let sides = member.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2 else { return nil }
      let key = sides[0].filter { $0 != " " && $0 != "\t" }
      guard keys.contains(key) else { return nil }
      return Attribute(key, .string(decoded(sides[1].prefix { $0 != ";" })))
    }
  }

  private static func decoded(_ value: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(value.utf8.drop { $0 == 0x20 })[...]
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
