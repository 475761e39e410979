/// Why a peer's frames were refused. The connection is over: send a close frame with `code`, then drop it.
///
/// RFC 6455, section 7.1.7.
public struct WebSocketError: Error, Equatable, Sendable {
  /// The code to close with: 1002, 1007 or 1009.
  public let code: CloseCode
  /// What was wrong, in words; short enough for a close frame.
  public let reason: String

  /// An error that closes with `code`.
  public init(code: CloseCode, reason: String) {
    self.code = code
    self.reason = reason
  }

  static func violation(_ reason: String) -> WebSocketError { WebSocketError(code: .protocolError, reason: reason) }
}

extension WebSocketError: CustomStringConvertible {
  /// The reason and the code.
  public var description: String { "\(reason) (\(code))" }
}
