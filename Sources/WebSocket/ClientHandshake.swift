public import Bytes

/// The client's side of the opening handshake: writes the request, checks the response.
///
/// Owned by the connection until the handshake is over. RFC 6455, section 4.1.
public struct ClientHandshake: ~Copyable {
  /// Header names that the handshake itself decides about.
  private static let reservedNames = ["host", "upgrade", "connection", "content-length", "transfer-encoding"]
  /// How much of a server's reason is kept for an error, in characters.
  private static var excerptLength: Int { 120 }

  private let authority: String
  private let target: String
  private let headers: [(String, String)]
  private let key: String
  private var reader = HTTPHeadReader()

  /// A handshake for one connection.
  ///
  /// - Parameters:
  ///   - host: The server's name or address, for the Host header; an IPv6 address with or without brackets.
  ///   - port: The port for the Host header, nil when it is the scheme's default.
  ///   - target: Path and query; starts with a slash.
  ///   - headers: Further header lines.
  ///   - key: 16 random bytes.
  /// - Throws: When host, target or a header holds characters that would break the request.
  public init(
    host: String, port: Int?, target: String, headers: [(String, String)] = [], key: [UInt8]
  ) throws(HandshakeError) {
    precondition(key.count == HandshakeKey.size, "a handshake's key has 16 bytes")
    guard host.isVisibleASCII, !host.utf8.contains(where: { "/?#@\\\"<>".utf8.contains($0) }) else {
      throw .invalidRequest("host name with characters that cannot be sent")
    }
    guard target.hasPrefix("/"), target.isVisibleASCII, !target.utf8.contains(UInt8(ascii: "#")) else {
      throw .invalidRequest("path with characters that cannot be sent")
    }
    for (name, value) in headers {
      guard name.isHTTPToken else { throw .invalidRequest("header name with characters that cannot be sent") }
      // The value may be a secret: it is not shown.
      guard value.isHTTPFieldValue else {
        throw .invalidRequest("value of header \(name) with control characters")
      }
      guard !Self.isReserved(name) else {
        throw .invalidRequest("header \(name) belongs to the handshake itself")
      }
    }
    let isBareIPv6 = host.utf8.contains(UInt8(ascii: ":")) && !host.hasPrefix("[")
    let bracketed = isBareIPv6 ? "[\(host)]" : host
    self.authority = port.map { "\(bracketed):\($0)" } ?? bracketed
    self.target = target
    self.headers = headers
    self.key = Base64.encode(key)
  }

  /// Appends the request.
  public func writeRequest(into output: inout ByteBuffer) {
    var text = "GET \(target) HTTP/1.1\r\nHost: \(authority)\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    text += "Sec-WebSocket-Key: \(key)\r\nSec-WebSocket-Version: 13\r\n"
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    output.append(text + "\r\n")
  }

  /// Looks for the response in `input` and checks it.
  ///
  /// - Parameter input: The connection's received bytes. Once the head is complete it is consumed; frames that follow
  ///   it stay.
  /// - Returns: Whether the server accepted; false while more bytes are needed.
  /// - Throws: When the response is malformed or refuses.
  public mutating func receive(_ input: inout ByteBuffer) throws(HandshakeError) -> Bool {
    guard let head = try HandshakeError.readHead(&reader, &input, answeredWith: nil) else { return false }
    guard let line = head.statusLine else {
      throw HandshakeError(kind: .malformed, status: nil, reason: "not an HTTP response")
    }
    guard line.status == 101 else {
      let reason = line.reason.isEmpty ? HTTPStatus.phrase(line.status) : line.reason
      throw HandshakeError(kind: .refused, status: line.status, reason: String(reason.prefix(Self.excerptLength)))
    }
    guard line.version == "HTTP/1.1" else { throw .notWebSocket("response in \(line.version)", status: 101) }
    guard head.onlyValue("Upgrade")?.equalsIgnoringCase("websocket") == true else {
      throw .notWebSocket("response without Upgrade: websocket", status: 101)
    }
    guard head.lists("upgrade", in: "Connection") else {
      throw .notWebSocket("response without Connection: Upgrade", status: 101)
    }
    guard head.onlyValue("Sec-WebSocket-Accept") == HandshakeKey.accept(key) else {
      throw .notWebSocket("response with a wrong Sec-WebSocket-Accept", status: 101)
    }
    // Nothing was offered, so that nothing can have been agreed on.
    for name in ["Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol"] where !head.values(name).isEmpty {
      throw .notWebSocket("response with \(name), which was not asked for", status: 101)
    }
    return true
  }

  private static func isReserved(_ name: String) -> Bool {
    reservedNames.contains { $0.equalsIgnoringCase(name) }
      || String(Substring(name.utf8.prefix(14))).equalsIgnoringCase("sec-websocket-")
  }
}
