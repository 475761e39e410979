import Bytes
import Transport
import WebSocket

/// The connection for telemetry: its own WebSocket to the engine's `/otel`, made when there is something to send, and
/// made anew after a pause when it is lost (engine protocol, section 7.1).
///
/// Owned by a ``TelemetryExporter``; lives on its loop. Whatever happens here touches nobody else.
final class TelemetryLink {
  /// Where telemetry goes, and as whom.
  let destination: TelemetryDestination
  private let loop: EventLoop
  private var connection: WebSocketConnection?
  private var queue = FrameQueue()
  private var backoff = Backoff()
  private var random = RandomPool()
  private var retryTimer: Timer?
  private var isPausing = false
  private var heartbeat: Timer?
  private var writtenBefore = 0
  private var stalledSince: MonotonicTime?
  /// Called once everything is sent, or given up.
  private var ended: (() -> Void)?
  private var isEnding = false
  private var endTimer: Timer?

  /// How much may wait in the connection; the rest waits in the queue, which forgets.
  private static let window = 64 << 10
  /// From one look at the connection to the next, in milliseconds.
  private static let pulse = 20_000
  /// How long a connection may take nothing, or be silent, in milliseconds.
  private static let patience = 60_000

  init(on loop: EventLoop, to destination: TelemetryDestination) {
    self.loop = loop
    self.destination = destination
  }

  deinit {
    retryTimer?.close()
    heartbeat?.close()
    endTimer?.close()
    // Its end is told in a later turn, when we are not there any more.
    connection?.changeOwner(to: Nobody.one)
    connection?.abort()
  }

  /// Owns connections whose end nobody waits for.
  private final class Nobody: WebSocketConnectionOwner, Sendable {
    static let one = Nobody()
    func webSocketOpened(_ connection: WebSocketConnection) {}
    func webSocket(_ connection: WebSocketConnection, received kind: MessageKind, _ payload: Span<UInt8>) {}
    func webSocketClosed(_ connection: WebSocketConnection, _ reason: WebSocketCloseReason) {}
  }

  /// How many frames were left out because nobody took them.
  var dropped: Int { queue.dropped }
  /// How many bytes wait, here and in the connection.
  var pending: Int { queue.size + (connection?.pendingOutput ?? 0) }

  func send(_ frame: [UInt8]) {
    guard !isEnding || ended != nil else { return }
    queue.append(frame)
    pump()
  }

  /// Sends what waits, for that many milliseconds at most, then closes the connection and calls `body`.
  func end(within milliseconds: Int, then body: @escaping () -> Void) {
    guard !isEnding else { return body() }
    isEnding = true
    ended = body
    if queue.isEmpty, connection == nil { return finish() }
    endTimer = Timer(on: loop) { [weak self] in
      self?.connection?.abort()
      self?.finish()
    }
    endTimer?.start(after: max(1, milliseconds))
    pump()
  }

  private func finish() {
    retryTimer?.close()
    heartbeat?.close()
    endTimer?.close()
    retryTimer = nil
    heartbeat = nil
    endTimer = nil
    let body = ended
    ended = nil
    body?()
  }

  private func pump() {
    guard let connection else {
      if !queue.isEmpty, !isPausing { connect() }
      return
    }
    guard connection.isOpen else { return }
    while connection.pendingOutput <= Self.window, let frame = queue.next() {
      connection.send(.binary, sizeHint: frame.count) { $0.append(frame.span) }
    }
    if isEnding, queue.isEmpty { connection.close(code: .normal) }
  }

  private func connect() {
    connection = WebSocketConnection(
      connectingTo: destination.url, on: loop, headers: destination.headers, tls: destination.tls,
      limits: FrameLimits(maximumFrame: 1 << 20, maximumMessage: 1 << 20), connectTimeout: 10_000, owner: self)
    connection?.outputMark = Self.window
  }

  private func pulse() {
    guard let connection, connection.isOpen else { return }
    if connection.pendingOutput == 0 || connection.bytesWritten != writtenBefore {
      writtenBefore = connection.bytesWritten
      stalledSince = nil
    } else if let since = stalledSince {
      if loop.now >= since + Self.patience { return connection.abort() }
    } else {
      stalledSince = loop.now
    }
    if loop.now >= connection.lastReceived + Self.patience { return connection.abort() }
    connection.ping()
    heartbeat?.start(after: Self.pulse)
  }
}

extension TelemetryLink: WebSocketConnectionOwner {
  func webSocketOpened(_ connection: WebSocketConnection) {
    guard connection === self.connection else { return }
    backoff.reset()
    stalledSince = nil
    writtenBefore = connection.bytesWritten
    let timer = heartbeat ?? Timer(on: loop) { [weak self] in self?.pulse() }
    heartbeat = timer
    timer.start(after: Self.pulse)
    pump()
  }

  /// An engine sends nothing here.
  func webSocket(_ connection: WebSocketConnection, received kind: MessageKind, _ payload: Span<UInt8>) {}

  func webSocketDrained(_ connection: WebSocketConnection) { pump() }

  func webSocketClosed(_ connection: WebSocketConnection, _ reason: WebSocketCloseReason) {
    guard connection === self.connection else { return }
    self.connection = nil
    heartbeat?.stop()
    if isEnding { return finish() }
    isPausing = true
    let timer =
      retryTimer
      ?? Timer(on: loop) { [weak self] in
        self?.isPausing = false
        self?.pump()
      }
    retryTimer = timer
    timer.start(after: backoff.next(random: random.next()))
  }
}
