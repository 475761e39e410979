public import Bytes

/// The server's side of the opening handshake: checks the request, writes the answer.
///
/// Owned by the connection until the handshake is over. Extensions and subprotocols that are offered are ignored.
/// RFC 6455, section 4.2.
public struct ServerHandshake: ~Copyable {
  private var reader = HTTPHeadReader()
  /// The client's key, once it was received.
  private var key: String?

  /// A handshake for one connection.
  public init() {}

  /// Looks for the request in `input` and checks it.
  ///
  /// - Parameter input: The connection's received bytes. Once the head is complete it is consumed; what follows stays.
  /// - Returns: The request, to be answered with ``write(_:into:)``; nil while more bytes are needed.
  /// - Throws: When this is no handshake; to be answered with ``write(_:into:)`` too, then closed.
  public mutating func receive(_ input: inout ByteBuffer) throws(HandshakeError) -> HandshakeRequest? {
    guard let head = try HandshakeError.readHead(&reader, &input, answeredWith: 400) else { return nil }
    guard let line = head.requestLine else {
      throw HandshakeError(kind: .malformed, status: 400, reason: "not an HTTP request")
    }
    guard line.version == "HTTP/1.1" else { throw .notWebSocket("\(line.version) request", status: 505) }
    guard line.method == "GET" else { throw .notWebSocket("\(line.method) request", status: 405) }
    guard let host = head.onlyValue("Host"), !host.isEmpty else {
      throw .notWebSocket("request without a Host", status: 400)
    }
    // A body would be taken for frames.
    guard head.values("Transfer-Encoding").isEmpty, head.values("Content-Length").allSatisfy({ $0 == "0" }) else {
      throw .notWebSocket("request with a body", status: 400)
    }
    guard head.lists("websocket", in: "Upgrade"), head.lists("upgrade", in: "Connection") else {
      throw .notWebSocket("only WebSocket connections are served here", status: 426)
    }
    guard head.onlyValue("Sec-WebSocket-Version") == "13" else {
      throw HandshakeError(kind: .unsupportedVersion, status: 426, reason: "only version 13 is served")
    }
    guard let key = head.onlyValue("Sec-WebSocket-Key"), HandshakeKey.isValid(key) else {
      throw .notWebSocket("Sec-WebSocket-Key is not one key of 16 bytes", status: 400)
    }
    guard let request = HandshakeRequest(line, headers: head.headers) else {
      throw HandshakeError(kind: .malformed, status: 400, reason: "request target is not a path")
    }
    self.key = key
    return request
  }

  /// Appends the answer to a request that was received.
  public func write(_ reply: HandshakeReply, into output: inout ByteBuffer) {
    switch reply {
    case .accept:
      guard let key else { preconditionFailure("accepted before there was a request") }
      output.append(
        """
        HTTP/1.1 101 \(HTTPStatus.phrase(101))\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Accept: \(HandshakeKey.accept(key))\r
        \r\n
        """)
    case .reject(let status, let body): Self.write(status: status, body: body, headers: "", into: &output)
    }
  }

  /// Appends the answer to a failed handshake: the error's status (400, 405, 426 …) and reason.
  public func write(_ error: HandshakeError, into output: inout ByteBuffer) {
    let status = error.status ?? 400
    let headers =
      switch status {
      case 405: "Allow: GET\r\n"
      case 426: "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      default: ""
      }
    Self.write(status: status, body: error.reason + "\n", headers: headers, into: &output)
  }

  private static func write(status: Int, body: String, headers: String, into output: inout ByteBuffer) {
    // Connection lists Upgrade when that header is there. RFC 9110, section 7.8.
    output.append(
      """
      HTTP/1.1 \(status) \(HTTPStatus.phrase(status))\r
      \(headers)Connection: \(status == 426 ? "Upgrade, close" : "close")\r
      Content-Type: text/plain; charset=utf-8\r
      Content-Length: \(body.utf8.count)\r
      \r
      \(body)
      """)
  }
}
