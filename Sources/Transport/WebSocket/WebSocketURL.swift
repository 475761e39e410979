/// The address of a WebSocket server: `ws://` or `wss://`, host, port, path and query.
///
/// RFC 6455, section 3. What a shell or a file hands over, so every mistake is named.
package struct WebSocketURL: Hashable, Sendable {
  /// Whether the connection is made through TLS (`wss`).
  package var isSecure: Bool
  /// A name or an address; an IPv6 address stands without its brackets.
  package var host: String
  /// The port that was given, else 80 or 443.
  package var port: UInt16
  /// Path and query, as they are sent; starts with a slash.
  package var target: String

  /// An address from its parts.
  package init(isSecure: Bool, host: String, port: UInt16, target: String = "/") {
    self.isSecure = isSecure
    self.host = host
    self.port = port
    self.target = target
  }

  /// The port for the Host header: nil when it is the scheme's own.
  package var explicitPort: Int? { port == defaultPort ? nil : Int(port) }

  private var defaultPort: UInt16 { isSecure ? 443 : 80 }
}

extension WebSocketURL: CustomStringConvertible {
  package var description: String {
    let host = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
    return "\(isSecure ? "wss" : "ws")://\(host)\(explicitPort.map { ":\($0)" } ?? "")\(target)"
  }
}

extension WebSocketURL {
  /// Reads `text`.
  package init(_ text: String) throws(WebSocketURLError) {
    var bytes = Array(text.utf8)[...]
    for byte in bytes where byte <= 0x20 || byte >= 0x7F { throw .unprintable }
    guard let separator = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[separator...].starts(with: "://".utf8) else {
      throw .noScheme
    }
    switch Self.text(bytes[..<separator]).lowercased() {
    case "ws": isSecure = false
    case "wss": isSecure = true
    case let scheme: throw .scheme(scheme)
    }
    bytes = bytes[(separator + 3)...]
    // A fragment would never be sent: RFC 6455, section 3, forbids it.
    if bytes.contains(UInt8(ascii: "#")) { throw .fragment }
    let end = bytes.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? bytes.endIndex
    let path = Self.text(bytes[end...])
    target = path.utf8.first == UInt8(ascii: "/") ? path : "/" + path
    let authority = bytes[..<end]
    if authority.contains(UInt8(ascii: "@")) { throw .userInformation }

    let portText: ArraySlice<UInt8>?
    if authority.first == UInt8(ascii: "[") {
      guard let bracket = authority.firstIndex(of: UInt8(ascii: "]")) else { throw .host }
      host = Self.text(authority[(authority.startIndex + 1)..<bracket])
      let rest = authority[(bracket + 1)...]
      if !rest.isEmpty && rest.first != UInt8(ascii: ":") { throw .host }
      portText = rest.isEmpty ? nil : rest.dropFirst()
    } else if let colon = authority.firstIndex(of: UInt8(ascii: ":")) {
      host = Self.text(authority[..<colon])
      portText = authority[(colon + 1)...]
    } else {
      host = Self.text(authority)
      portText = nil
    }
    if host.isEmpty { throw .host }
    port = isSecure ? 443 : 80
    if let portText {
      guard let number = UInt16(Self.text(portText)), number > 0, portText.first != UInt8(ascii: "+") else {
        throw .port
      }
      port = number
    }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
