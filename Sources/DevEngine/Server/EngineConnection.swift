package import Transport
package import WebSocket

/// One accepted connection, from the handshake to its end: decides about the request, and hands frames to the server. One
/// for a channel becomes a ``ChannelConnection`` when it is open.
///
/// Owned by ``DevEngineServer``, which keeps it until the WebSocket is closed.
package final class EngineConnection: WebSocketConnectionOwner {
  /// The server's number for it, which the state knows it by.
  let number: Int
  /// The peer's IP address.
  let address: String
  private(set) var purpose = Arrival.Purpose.worker
  private(set) var socket: WebSocketConnection?
  /// By a test hook: nothing is read from it and nothing sent to it any more.
  private(set) var isStalled = false
  private let rules: ListenerRules
  private unowned let server: DevEngineServer

  init(
    number: Int, stream: SocketStream, rules: ListenerRules, handshakeTimeout: Int?, server: DevEngineServer
  ) {
    self.number = number
    self.rules = rules
    self.server = server
    address = stream.peerAddress ?? "127.0.0.1"
    // A real engine sends each message in one frame, and drops who goes beyond its limits without a word.
    let socket = WebSocketConnection(
      accepting: stream, limits: DevEngineServer.limits, handshakeTimeout: handshakeTimeout,
      fragmentationThreshold: .max, owner: self,
      route: { [unowned server] in Self.route($0, server) })
    socket.dropsViolators = true
    self.socket = socket
  }

  private static func route(_ request: HandshakeRequest, _ server: DevEngineServer) -> HandshakeReply {
    switch request.path {
    case "/", "/otel": .accept
    case let path where ChannelRequest.isChannel(path: path): server.reply(toChannel: request)
    default: .reject(status: 404, body: "")
    }
  }

  /// Sends a frame, unless the connection is stalled.
  func send(_ message: EngineMessage) {
    guard !isStalled else { return }
    socket?.send(.text, sizeHint: message.sizeHint) { message.write(into: &$0) }
  }

  /// Who comes, once the request is there.
  func arrival(wallClock: Int) -> Arrival {
    var arrival = Arrival(address: address, wallClock: wallClock)
    arrival.purpose = purpose
    arrival.headers = socket?.request?.headers.map { ($0.name, $0.value) } ?? []
    arrival.query = socket?.request?.query ?? ""
    arrival.rules = rules
    return arrival
  }

  /// Takes no more messages until ``resumeReading()``.
  func pauseReading() { socket?.pauseReading() }

  /// Takes messages again, unless the connection is stalled.
  func resumeReading() {
    if !isStalled { socket?.resumeReading() }
  }

  /// Stops reading and sending, and leaves the connection open.
  func stall() {
    isStalled = true
    socket?.pauseReading()
  }

  // MARK: - Callbacks

  package func webSocketOpened(_ connection: WebSocketConnection) {
    if let request = connection.request, ChannelRequest.isChannel(path: request.path),
      let wanted = ChannelRequest(path: request.path, query: request.query)
    {
      socket = nil
      return server.openedChannel(wanted, number, connection)
    }
    purpose = connection.request?.path == "/otel" ? .telemetry : .worker
    server.opened(self)
  }

  package func webSocket(_ connection: WebSocketConnection, received kind: MessageKind, _ payload: Span<UInt8>) {
    guard !isStalled else { return }
    server.received(kind, payload, from: self)
  }

  package func webSocketClosed(_ connection: WebSocketConnection, _ reason: WebSocketCloseReason) {
    socket = nil
    server.closed(self, reason)
  }
}
