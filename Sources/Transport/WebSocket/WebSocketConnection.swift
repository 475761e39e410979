package import Bytes
package import WebSocket

/// One WebSocket connection, as a client or as a server, from the first byte to the last.
///
/// Owned by an engine link or an engine session, which keeps it until ``WebSocketConnectionOwner/webSocketClosed(_:_:)``
/// and which it calls through that protocol. One-shot: there is no reconnecting; make a new one. It answers pings, does
/// both handshakes with their limits, and holds no queue: what is sent is written into the socket's output buffer, and
/// leaves in the flush at the end of the loop's turn.
package final class WebSocketConnection {
  /// What ``closeLimit`` is at first, in milliseconds.
  package static let closeTimeout = 5000
  /// A ping is not answered while more bytes than this wait for a peer that does not read.
  static let pongMark = 1024 * 1024

  /// What a connection is doing. `closed` is final; each other one leads to a later one only.
  enum Phase: Comparable {
    /// Client: looking up, connecting, TLS.
    case connecting
    /// Waiting for the peer's half of the opening handshake.
    case handshake
    case open
    /// Our close frame is sent; waiting for the peer's.
    case closing
    case closed
  }

  /// The loop that it lives on.
  package let loop: EventLoop
  /// Which end we are.
  package let role: Role
  /// When the last frame of any kind arrived; before the first one, when the handshake was over.
  package internal(set) var lastReceived: MonotonicTime
  /// Server: what the client asked for, once its request has arrived.
  package internal(set) var request: HandshakeRequest?
  /// `webSocketDrained` is called when this much output had been waiting; in bytes.
  package var outputMark = 64 * 1024 {
    didSet { stream?.outputMark = outputMark }
  }

  /// How long the peer may take to answer our close frame, and to take what was sent before it, in milliseconds; nil for no
  /// limit: for a peer that reads slowly on purpose.
  package var closeLimit: Int? = closeTimeout
  /// What came after our close frame; nil as long as nothing has.
  package internal(set) var closeAnswer: WebSocketCloseAnswer?
  var closeCode: CloseCode?

  /// Whether the kernel looks after the peer's machine: for a connection without pings, on which a peer that is gone could
  /// not be told from one that has nothing to say.
  package var keepsAlive = false {
    didSet { if keepsAlive { stream?.descriptor?.keepsAlive() } }
  }

  /// Whether a peer that breaks the protocol or goes beyond the limits loses the connection without a close frame.
  package var dropsViolators = false

  unowned var owner: (any WebSocketConnectionOwner)?
  var phase: Phase
  var stream: SocketStream?
  let encoder: FrameEncoder
  var decoder: FrameDecoder
  var random = RandomPool()
  var isPaused = false
  /// Runs while something has a limit: connecting, either handshake.
  var limit: Timer?

  var url: WebSocketURL?
  var tls = TLSOptions()
  var deadline: MonotonicTime
  var resolver: Resolver?
  var connector: Connector?
  var clientHandshake: ClientHandshake?
  var serverHandshake: ServerHandshake?
  var route: ((HandshakeRequest) -> HandshakeReply)?

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
  ///   - owner: Not held; outlives the connection.
  package init(
    connectingTo url: WebSocketURL, on loop: EventLoop, headers: [(String, String)] = [],
    tls: TLSOptions = TLSOptions(), limits: FrameLimits = FrameLimits(), connectTimeout: Int = 10_000,
    owner: any WebSocketConnectionOwner
  ) {
    self.loop = loop
    self.role = .client
    self.owner = owner
    self.url = url
    self.tls = tls
    phase = .connecting
    encoder = FrameEncoder(role: .client)
    decoder = FrameDecoder(role: .client, limits: limits)
    lastReceived = loop.now
    deadline = loop.now + connectTimeout
    startLimit(connectTimeout)
    do throws(HandshakeError) {
      clientHandshake = try ClientHandshake(
        host: url.host, port: url.explicitPort, target: url.target, headers: headers, key: random.nextBytes())
      resolve(url)
    } catch {
      finishLater(.handshakeFailed(error))
    }
  }

  /// Serves a connection that a ``Listener`` has accepted.
  ///
  /// - Parameters:
  ///   - stream: Accepted, not started.
  ///   - limits: The largest frame and message to accept.
  ///   - handshakeTimeout: For the request to arrive, in milliseconds; nil for no limit.
  ///   - fragmentationThreshold: The largest message that is sent in one frame, in bytes.
  ///   - owner: Not held; outlives the connection.
  ///   - route: Decides about the request. After a rejection the connection ends with `.handshakeFailed`.
  package init(
    accepting stream: SocketStream, limits: FrameLimits = FrameLimits(), handshakeTimeout: Int? = 10_000,
    fragmentationThreshold: Int = 16 << 20, owner: any WebSocketConnectionOwner,
    route: @escaping (HandshakeRequest) -> HandshakeReply
  ) {
    loop = stream.loop
    role = .server
    self.owner = owner
    self.stream = stream
    self.route = route
    phase = .handshake
    encoder = FrameEncoder(role: .server, fragmentationThreshold: fragmentationThreshold)
    decoder = FrameDecoder(role: .server, limits: limits)
    serverHandshake = ServerHandshake()
    lastReceived = loop.now
    deadline = loop.now + (handshakeTimeout ?? 0)
    if let handshakeTimeout { startLimit(handshakeTimeout) }
    stream.start(owner: self)
  }

  deinit { stream?.close() }
}

// MARK: - Using it

extension WebSocketConnection {
  /// Whether messages can be sent: the opening handshake is over and no close frame was sent.
  package var isOpen: Bool { phase == .open }

  /// Makes `owner` the one who is called from now on.
  package func changeOwner(to owner: any WebSocketConnectionOwner) { self.owner = owner }

  /// How many bytes wait to be written. Nothing limits it here; an owner that forwards for others looks at it.
  package var pendingOutput: Int { stream?.pendingOutput ?? 0 }

  /// How many bytes the kernel has taken so far.
  package var bytesWritten: Int { stream?.bytesWritten ?? 0 }

  /// Sends one message; without effect when ``isOpen`` is false.
  ///
  /// - Parameters:
  ///   - kind: Text or binary.
  ///   - sizeHint: How many bytes `body` is going to append; a wrong hint costs one move of the payload.
  ///   - body: Appends the payload to the buffer, and calls nothing of this connection.
  package func send(_ kind: MessageKind, sizeHint: Int, _ body: (inout ByteBuffer) -> Void) {
    guard phase == .open, let stream else { return }
    encoder.write(kind, sizeHint: sizeHint, maskKey: nextMaskKey(), into: &stream.output, body)
    stream.markDirty()
  }

  /// Sends a text message.
  package func send(text: String) {
    send(.text, sizeHint: text.utf8.count) { $0.append(text) }
  }

  /// Sends a ping; the answer shows in ``lastReceived``.
  package func ping() {
    guard phase == .open, let stream else { return }
    encoder.writePing(Span(), maskKey: nextMaskKey(), into: &stream.output)
    stream.markDirty()
  }

  /// Sends a close frame and waits for the peer's, at most ``closeLimit``; no message is received any more. While
  /// connecting, as ``abort()``; a second time, nothing.
  package func close(code: CloseCode? = .normal, reason: String = "") {
    if phase >= .closing { return }
    guard phase == .open, let stream else { return abort() }
    encoder.writeClose(code, reason: reason, maskKey: nextMaskKey(), into: &stream.output)
    stream.markDirty()
    phase = .closing
    closeCode = code
    if let closeLimit { startLimit(closeLimit) }
    resumeReading()
  }

  /// Drops the connection without a close frame. `webSocketClosed` follows at the end of the loop's turn, with
  /// `.closedByUs`; no other callback does.
  package func abort() {
    guard phase != .closed else { return }
    finishLater(.closedByUs)
  }

  /// Takes no more messages until ``resumeReading()``; may be called in a message's callback, and holds from the next
  /// message on. Pings are not answered meanwhile.
  package func pauseReading() {
    guard phase == .open, !isPaused else { return }
    isPaused = true
    stream?.pauseReading()
  }

  /// Takes messages again.
  package func resumeReading() {
    guard isPaused else { return }
    isPaused = false
    stream?.resumeReading()
    // What was read before the pause makes the socket readable no more.
    loop.atEndOfTurn { [weak self] in
      guard let self, let stream = self.stream, !stream.input.isEmpty else { return }
      self.streamReceived(stream)
    }
  }

  /// The next mask key; a server does not mask.
  func nextMaskKey() -> UInt32 {
    role == .client ? UInt32(truncatingIfNeeded: random.next()) : 0
  }
}
