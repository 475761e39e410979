import Bytes
import Transport
import WebSocket

/// Sends back every message of its connection; a text `!close CODE REASON` (or `!close`) closes it instead. Prints what
/// becomes of the connection, one line each.
final class Echo: WebSocketConnectionOwner {
  /// Holds the connection until it is closed.
  private var connection: WebSocketConnection?
  private let ended: () -> Void

  /// The other end of a connection that `connect` makes with this as its owner.
  init(ended: @escaping () -> Void, connect: (Echo) -> WebSocketConnection) {
    self.ended = ended
    connection = connect(self)
  }

  func webSocketOpened(_ connection: WebSocketConnection) { say("open") }

  func webSocket(_ connection: WebSocketConnection, received kind: MessageKind, _ payload: Span<UInt8>) {
    if kind == .text, let words = Self.command(payload) {
      let code = words.first.flatMap(UInt16.init).map(CloseCode.init(rawValue:))
      connection.close(code: code, reason: words.dropFirst().joined(separator: " "))
      return
    }
    connection.send(kind, sizeHint: payload.count) { $0.append(payload) }
  }

  func webSocketClosed(_ connection: WebSocketConnection, _ reason: WebSocketCloseReason) {
    say("over: \(reason)")
    self.connection = nil
    ended()
  }

  /// The words behind `!close`; nil for any other text.
  private static func command(_ payload: Span<UInt8>) -> [String]? {
    guard payload.count < 200 else { return nil }
    let text = String(decoding: payload.indices.map { payload[$0] }, as: UTF8.self)
    let words = text.split(separator: " ").map(String.init)
    return words.first == "!close" ? Array(words.dropFirst()) : nil
  }
}
