import Transport

extension LinkOptions {
  /// The address of a channel's end (engine protocol, section 6). A path of the engine's address stays in front, and so
  /// does a query.
  func channelURL(_ ref: StreamChannelRef) -> WebSocketURL {
    let parts = url.target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var path = parts[0]
    while path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    let query = parts.count > 1 && !parts[1].isEmpty ? parts[1] + "&" : ""
    var url = url
    url.target =
      "\(path)/ws/channels/\(Self.percentEncoded(ref.channelID))?\(query)"
      + "key=\(Self.percentEncoded(ref.accessKey))&dir=\(ref.direction.rawValue)"
    return url
  }

  /// A text for a URL: all but the unreserved characters (RFC 3986, section 2.3) are escaped.
  private static func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        bytes.append(byte)
      default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
