import Transport
import WebSocket

extension ChannelError {
  /// What the end of a connection means for who wanted to open it; nil for a connection that was open.
  ///
  /// The answers of an engine: engine protocol, section 6.
  init?(opening ref: StreamChannelRef, failed reason: WebSocketCloseReason) {
    switch reason {
    case .handshakeFailed(let error) where error.status == 404:
      self.init(code: .notFound, message: "the engine has no such channel", channelID: ref.channelID)
    case .handshakeFailed(let error) where error.status == 400:
      self.init(code: .invalid, message: "the engine does not take the reference", channelID: ref.channelID)
    case .resolution, .connect, .tls, .handshakeFailed, .timedOut(.connecting), .timedOut(.handshake):
      self.init(code: .notConnected, message: "\(reason)", channelID: ref.channelID)
    case .closedByPeer, .lost, .protocolViolation, .timedOut(.closing), .closedByUs: return nil
    }
  }

  static func taken(_ ref: StreamChannelRef) -> ChannelError {
    ChannelError(code: .taken, message: "somebody else has taken this end", channelID: ref.channelID)
  }

  static func lost(_ ref: StreamChannelRef, _ reason: String) -> ChannelError {
    ChannelError(code: .lost, message: reason, channelID: ref.channelID)
  }

  static func closed(_ ref: StreamChannelRef) -> ChannelError {
    ChannelError(code: .closed, message: "this end was closed", channelID: ref.channelID)
  }

  static func shutdown(_ ref: StreamChannelRef) -> ChannelError {
    ChannelError(code: .shutdown, message: "the worker was shut down", channelID: ref.channelID)
  }
}
