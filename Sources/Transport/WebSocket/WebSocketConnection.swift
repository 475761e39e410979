package import Bytes
package import WebSocket

/// One WebSocket connection, as a client or as a server, from the first byte to the last.
///
/// Owned by an engine link or an engine session, which keeps it until ``WebSocketConnectionOwner/webSocketClosed(_:_:)``
/// and which it calls through that protocol. One-shot: there is no reconnecting; make a new one. It answers pings, does
/// both handshakes with their limits, and holds no queue: what is sent is written into the socket's output buffer, and
/// leaves in the flush at the end of the loop's turn.
package final class WebSocketConnection {
  /// How long the peer may take to answer our close frame, in milliseconds.
  package static let closeTimeout = 5000

  /// The loop that it lives on.
  package let loop: EventLoop
  /// Which end we are.
  package let role: Role
  /// When the last frame of any kind arrived; before the first one, when the handshake was over.
  package internal(set) var lastReceived: MonotonicTime
  /// Server: what the client asked for, once the handshake is over.
  package internal(set) var request: HandshakeRequest?

  weak var owner: (any WebSocketConnectionOwner)?

  /// Connects to `url`: looks the name up, tries its addresses in order, does TLS for `wss`, asks for the upgrade.
  ///
  /// Every failure, a header that cannot be sent among them, is told by `webSocketClosed`, in a later turn of the loop.
  ///
  /// - Parameters:
  ///   - url: Where to.
  ///   - loop: The loop to live on.
  ///   - headers: Further header lines of the request, as Authorization.
  ///   - tls: How a `wss` server is checked.
  ///   - limits: The largest frame and message to accept.
  ///   - connectTimeout: For everything up to the end of the handshake, in milliseconds.
  ///   - owner: Held weakly.
  package init(
    connectingTo url: WebSocketURL, on loop: EventLoop, headers: [(String, String)] = [],
    tls: TLSOptions = TLSOptions(), limits: FrameLimits = FrameLimits(), connectTimeout: Int = 10_000,
    owner: any WebSocketConnectionOwner
  ) {
    self.loop = loop
    self.role = .client
    self.lastReceived = loop.now
    self.owner = owner
  }

  /// Serves a connection that a ``Listener`` has accepted.
  ///
  /// - Parameters:
  ///   - stream: Accepted, not started.
  ///   - limits: The largest frame and message to accept.
  ///   - handshakeTimeout: For the request to arrive, in milliseconds.
  ///   - owner: Held weakly.
  ///   - route: Decides about the request. After a rejection the connection ends with `.handshakeFailed`.
  package init(
    accepting stream: SocketStream, limits: FrameLimits = FrameLimits(), handshakeTimeout: Int = 10_000,
    owner: any WebSocketConnectionOwner, route: @escaping (HandshakeRequest) -> HandshakeReply
  ) {
    self.loop = stream.loop
    self.role = .server
    self.lastReceived = stream.loop.now
    self.owner = owner
  }

  /// Whether messages can be sent: the opening handshake is over and no close frame was sent.
  package var isOpen: Bool { false }

  /// How many bytes wait to be written. Nothing limits it here; an owner that forwards for others looks at it.
  package var pendingOutput: Int { 0 }

  /// `webSocketDrained` is called when this much output had been waiting; in bytes.
  package var outputMark = 64 * 1024

  /// Sends one message; without effect when ``isOpen`` is false.
  ///
  /// - Parameters:
  ///   - kind: Text or binary.
  ///   - sizeHint: How many bytes `body` is going to append; a wrong hint costs one move of the payload.
  ///   - body: Appends the payload to the buffer, and calls nothing of this connection.
  package func send(_ kind: MessageKind, sizeHint: Int, _ body: (inout ByteBuffer) -> Void) {
  }

  /// Sends a text message.
  package func send(text: String) {
    send(.text, sizeHint: text.utf8.count) { $0.append(text) }
  }

  /// Sends a ping; the answer shows in ``lastReceived``.
  package func ping() {
  }

  /// Sends a close frame and waits for the peer's, at most ``closeTimeout``. While connecting, as ``abort()``.
  package func close(code: CloseCode? = .normal, reason: String = "") {
  }

  /// Drops the connection without a close frame. `webSocketClosed` follows at the end of the loop's turn, with
  /// `.closedByUs`; no other callback does.
  package func abort() {
  }

  /// Takes no more messages until ``resumeReading()``; may be called in a message's callback, and holds from the next
  /// message on. Pings are not answered meanwhile.
  package func pauseReading() {
  }

  /// Takes messages again.
  package func resumeReading() {
  }
}
