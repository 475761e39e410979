import Bytes
import TestSupport
import Testing
import Transport
import WebSocket

/// Takes telemetry on a free port of 127.0.0.1, on the loop of the test.
final class TelemetryServer: WebSocketConnectionOwner {
  let loop: EventLoop
  private(set) var frames: [String] = []
  private(set) var paths: [String] = []
  private(set) var connections: [WebSocketConnection] = []
  var reply = HandshakeReply.accept
  private var listener: Listener?
  private var ended = 0

  init(on loop: EventLoop) throws {
    self.loop = loop
    listener = try Listener(on: loop, host: "127.0.0.1", port: 0) { [unowned self] stream in
      connections.append(
        WebSocketConnection(accepting: stream, owner: self) { [unowned self] request in
          paths.append(request.path)
          return reply
        })
    }
  }

  var port: UInt16 { listener?.port ?? 0 }

  /// Ends, and sees its connections go: their end is told in a later turn.
  func close() {
    listener?.close()
    for connection in connections { connection.abort() }
    run { ended == connections.count }
  }

  func webSocketOpened(_ connection: WebSocketConnection) {}

  func webSocket(_ connection: WebSocketConnection, received kind: MessageKind, _ payload: Span<UInt8>) {
    frames.append(String(utf8: payload) ?? "")
  }

  func webSocketClosed(_ connection: WebSocketConnection, _ reason: WebSocketCloseReason) { ended += 1 }

  /// Runs turns of the loop until `condition` holds.
  func run(until condition: () -> Bool, sourceLocation: SourceLocation = #_sourceLocation) {
    if !loop.run(until: condition) { Issue.record("waited in vain", sourceLocation: sourceLocation) }
  }
}
