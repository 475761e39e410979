package import WebSocket

/// Who uses a ``WebSocketConnection``. Not held by it: an owner lets the connection go first. Every callback comes from the
/// loop, and `send`, `close` and `abort` may be called in each.
package protocol WebSocketConnectionOwner: AnyObject {
  /// The opening handshake is over; messages may be sent.
  func webSocketOpened(_ connection: WebSocketConnection)

  /// A complete message; the payload is valid during the call.
  func webSocket(_ connection: WebSocketConnection, received kind: MessageKind, _ payload: Span<UInt8>)

  /// All output was written, after there was more of it than ``WebSocketConnection/outputMark``.
  func webSocketDrained(_ connection: WebSocketConnection)

  /// The connection is over. Called exactly once for each connection, whoever ended it, and the last call.
  func webSocketClosed(_ connection: WebSocketConnection, _ reason: WebSocketCloseReason)
}

extension WebSocketConnectionOwner {
  package func webSocketDrained(_ connection: WebSocketConnection) {}
}
