import Bytes
package import Transport
package import WebSocket

/// A worker's connection to one end of a channel, from the end of the handshake on.
///
/// Owned by ``DevEngineServer``, which keeps it until the WebSocket is closed.
package final class ChannelConnection: WebSocketConnectionOwner, ChannelEnd {
  /// How much may wait to be written to a reader before no more messages are taken from the channel, in bytes.
  private static let outputMark = 256 << 10

  private let number: Int
  private let socket: WebSocketConnection
  private unowned let server: DevEngineServer

  init(number: Int, socket: WebSocketConnection, server: DevEngineServer) {
    self.number = number
    self.socket = socket
    self.server = server
    socket.outputMark = Self.outputMark
    // A reader may take its time for what was written before the end.
    socket.closeLimit = nil
    socket.changeOwner(to: self)
  }

  /// Ends it at once, without a close frame.
  func abort() { socket.abort() }

  // MARK: - The channel's side

  func channelBecameReadable() {
    while socket.isOpen, socket.pendingOutput <= Self.outputMark {
      switch server.nextItem(for: number) {
      case .item(let item): socket.send(item.kind, sizeHint: item.bytes.count) { $0.append(item.bytes.span) }
      case .nothing: return
      case .end: return socket.close(code: nil)
      }
    }
  }

  func channelPaused() { socket.pauseReading() }
  func channelResumed() { socket.resumeReading() }
  func channelClosed() { socket.close(code: nil) }
  func channelDropped() { socket.abort() }

  // MARK: - The socket's side

  package func webSocketOpened(_ connection: WebSocketConnection) {}

  package func webSocket(_ connection: WebSocketConnection, received kind: MessageKind, _ payload: Span<UInt8>) {
    server.written(ChannelItem(kind, [UInt8](copying: payload)), by: number)
  }

  package func webSocketDrained(_ connection: WebSocketConnection) { channelBecameReadable() }

  package func webSocketClosed(_ connection: WebSocketConnection, _ reason: WebSocketCloseReason) {
    server.closedChannel(number, reason)
  }
}
