/// The status code of a close frame.
///
/// RFC 6455, section 7.4, and the IANA registry "WebSocket Close Code Number".
public struct CloseCode: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  public let rawValue: UInt16

  /// Any number, sendable or not.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// 1000: done, all is well.
  public static let normal = CloseCode(rawValue: 1000)
  /// 1001: this end goes away, as a server at its shutdown.
  public static let goingAway = CloseCode(rawValue: 1001)
  /// 1002: the peer broke the protocol.
  public static let protocolError = CloseCode(rawValue: 1002)
  /// 1003: a kind of message that this end cannot take.
  public static let unsupportedData = CloseCode(rawValue: 1003)
  /// 1005: stands for a close frame without a code; never sent.
  public static let noStatus = CloseCode(rawValue: 1005)
  /// 1006: stands for a connection that ended without a close frame; never sent.
  public static let abnormal = CloseCode(rawValue: 1006)
  /// 1007: text that is not UTF-8.
  public static let invalidData = CloseCode(rawValue: 1007)
  /// 1008: against this end's policy.
  public static let policy = CloseCode(rawValue: 1008)
  /// 1009: a frame or message above this end's limit.
  public static let tooBig = CloseCode(rawValue: 1009)
  /// 1010: the server lacks an extension that the client needs.
  public static let extensionMissing = CloseCode(rawValue: 1010)
  /// 1011: this end failed.
  public static let internalError = CloseCode(rawValue: 1011)
  /// 1012: this end restarts.
  public static let serviceRestart = CloseCode(rawValue: 1012)
  /// 1013: try again later.
  public static let tryAgainLater = CloseCode(rawValue: 1013)
  /// 1014: a gateway got a bad answer from its upstream.
  public static let badGateway = CloseCode(rawValue: 1014)

  /// Whether the code may stand in a close frame: the registered ones, and 3000 to 4999 for libraries and programs.
  ///
  /// RFC 6455, sections 7.4.1 and 7.4.2; 1012 to 1014 were registered later.
  public var isSendable: Bool {
    switch rawValue {
    case 1000...1003, 1007...1014, 3000...4999: true
    default: false
    }
  }
}

extension CloseCode: CustomStringConvertible {
  /// The number in decimal.
  public var description: String { String(rawValue) }
}
