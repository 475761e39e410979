import Bytes
import Testing
import WebSocket

@testable import Transport

/// An owner that writes down what it is told.
final class WebSocketRecorder: WebSocketConnectionOwner {
  var opened = 0
  var messages: [String] = []
  var sizes: [Int] = []
  var drained = 0
  var closed: [WebSocketCloseReason] = []
  /// Whether only the sizes of messages are kept.
  var countsOnly = false
  var onOpen: ((WebSocketConnection) -> Void)?
  var onMessage: ((WebSocketConnection) -> Void)?

  var isOpen: Bool { opened > 0 && closed.isEmpty }

  func webSocketOpened(_ connection: WebSocketConnection) {
    opened += 1
    onOpen?(connection)
  }

  func webSocket(_ connection: WebSocketConnection, received kind: MessageKind, _ payload: Span<UInt8>) {
    sizes.append(payload.count)
    if !countsOnly { messages.append(text(payload)) }
    onMessage?(connection)
  }

  func webSocketDrained(_ connection: WebSocketConnection) { drained += 1 }

  func webSocketClosed(_ connection: WebSocketConnection, _ reason: WebSocketCloseReason) { closed.append(reason) }
}

/// A server on a free port of 127.0.0.1, whose connections all have one recorder.
final class WebSocketServer {
  let recorder = WebSocketRecorder()
  /// Owns streams of servers that are none.
  let mute = RecordingOwner()
  var streams: [SocketStream] = []
  var connections: [WebSocketConnection] = []
  /// The tests' own ends, which nobody else may hold.
  var clients: [WebSocketConnection] = []
  var reply = HandshakeReply.accept
  /// Puts TLS under an accepted stream.
  var secure: ((SocketStream) throws -> Void)?
  private(set) var listener: Listener

  init(on loop: EventLoop) throws {
    var accept: ((SocketStream) -> Void)?
    listener = try Listener(on: loop, host: "127.0.0.1", port: 0) { accept?($0) }
    accept = { [unowned self] stream in
      do { try secure?(stream) } catch { Issue.record(error) }
      connections.append(
        WebSocketConnection(accepting: stream, owner: recorder) { [unowned self] _ in reply })
    }
  }

  var port: UInt16 { listener.port ?? 0 }
}
