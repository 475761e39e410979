import Bytes
import Transport
import WebSocket

/// A writing end on the worker's loop: one connection, made when there is something to send.
///
/// Owned by ``WorkerCore``. It hands the connection no more than that has room for, so that who writes waits for an engine
/// that does not read.
final class ChannelSender: WebSocketConnectionOwner {
  /// Who waits: called once.
  typealias Completion = (Result<Void, any Error>) -> Void

  /// With this many bytes waiting in the connection nothing more is put there.
  private static let outputMark = 256 << 10

  private let ref: StreamChannelRef
  private let endpoint: ChannelEndpoint
  private var socket: WebSocketConnection?
  private var openedAt: MonotonicTime?
  private var hasSent = false
  private var outbox = ChannelOutbox()
  private var waiting: [Int: Completion] = [:]
  private var closing: [Int: Completion] = [:]
  private var isClosing = false
  private var abandoned: (() -> Void)?
  /// How it ended, once it has.
  private var end: Result<Void, ChannelError>?

  /// Whether nothing more comes of it, but what waits.
  var hasEnded: Bool { end != nil }

  init(_ ref: StreamChannelRef, _ endpoint: ChannelEndpoint) {
    self.ref = ref
    self.endpoint = endpoint
  }

  /// Sends a message, or several; `done` is called when all of it is in the connection's hands.
  func send(_ number: Int, _ kind: MessageKind, _ bytes: [UInt8], _ done: @escaping Completion) {
    if case .failure(let error) = end { return done(.failure(error)) }
    guard end == nil, !isClosing else { return done(.failure(ChannelError.closed(ref))) }
    waiting[number] = done
    outbox.append(number, kind, bytes)
    start()
  }

  /// Closes behind everything that was sent; `done` is called when the engine has taken all of it.
  func close(_ number: Int, _ done: @escaping Completion) {
    if let end { return done(end.mapError { $0 as any Error }) }
    closing[number] = done
    isClosing = true
    start()
  }

  /// Who waits has been cancelled: nothing of it is sent, or, when that is too late, nothing more at all.
  func cancel(_ number: Int) {
    guard let done = waiting.removeValue(forKey: number) ?? closing.removeValue(forKey: number) else { return }
    done(.failure(CancellationError()))
    if isClosing || !outbox.remove(number) { finish(.failure(.closed(ref))) }
  }

  /// Ends it at once.
  func finish(_ result: Result<Void, ChannelError>) {
    conclude(result)
    socket?.abort()
  }

  /// The worker is over.
  func shutdown() { finish(.failure(.shutdown(ref))) }

  /// Nobody has it any more: what is in the connection's hands still leaves.
  ///
  /// - Parameter done: Called when it has; not when there is nothing to wait for.
  /// - Returns: Whether there is something to wait for.
  func abandon(_ done: @escaping () -> Void) -> Bool {
    guard end == nil, let socket else { return false }
    guard socket.isOpen else {
      finish(.failure(.closed(ref)))
      return false
    }
    abandoned = done
    socket.closeLimit = WebSocketConnection.closeTimeout
    socket.close(code: .goingAway)
    return true
  }

  private func start() {
    if socket == nil { socket = endpoint.open(ref, owner: self) }
    pump()
  }

  /// Gives the connection what it has room for.
  private func pump() {
    guard let socket, socket.isOpen else { return }
    while socket.pendingOutput <= Self.outputMark, let piece = outbox.next() {
      hasSent = true
      socket.send(piece.kind, sizeHint: piece.range.count) { $0.append(piece.bytes.span.extracting(piece.range)) }
      if let number = piece.finished { waiting.removeValue(forKey: number)?(.success(())) }
    }
    guard isClosing, outbox.isEmpty else { return }
    // So that a reader can tell a channel without content from one that somebody else has taken.
    if !hasSent { socket.send(.binary, sizeHint: 0) { _ in } }
    socket.close(code: .normal)
  }

  // MARK: - The connection

  func webSocketOpened(_ connection: WebSocketConnection) {
    openedAt = endpoint.loop.now
    connection.outputMark = Self.outputMark
    pump()
  }

  // Nothing is said to a writer.
  func webSocket(_ connection: WebSocketConnection, received kind: MessageKind, _ payload: Span<UInt8>) {}

  func webSocketDrained(_ connection: WebSocketConnection) { pump() }

  func webSocketClosed(_ connection: WebSocketConnection, _ reason: WebSocketCloseReason) {
    socket = nil
    defer { abandoned?() }
    if let error = ChannelError(opening: ref, failed: reason), openedAt == nil {
      guard error.code == .notConnected else { return conclude(.failure(error)) }
      return failWaiting(error)
    }
    switch reason {
    case .closedByUs where connection.closeAnswer == .echo: conclude(.success(()))
    case .closedByPeer where isEarly, .closedByUs where isEarly && connection.closeAnswer == .crossing:
      conclude(.failure(.taken(ref)))
    case .closedByUs, .lost(nil): conclude(.failure(.lost(ref, "the reader or the engine is gone")))
    default: conclude(.failure(.lost(ref, "\(reason)")))
    }
  }

  /// Whether the connection has just been opened: an engine says no more than this to who comes second.
  private var isEarly: Bool { openedAt.map { endpoint.loop.now - $0 < ChannelEndpoint.takenWindow } ?? true }

  /// There was no connection: the next one who writes tries again.
  private func failWaiting(_ error: ChannelError) {
    outbox = ChannelOutbox()
    isClosing = false
    tell(.failure(error), closing: .failure(error))
  }

  private func conclude(_ result: Result<Void, ChannelError>) {
    guard end == nil else { return }
    end = result
    outbox = ChannelOutbox()
    tell(result.flatMap { .failure(.closed(ref)) }, closing: result)
  }

  private func tell(_ writers: Result<Void, ChannelError>, closing closers: Result<Void, ChannelError>) {
    let (waiting, closing) = (waiting.values, closing.values)
    self.waiting = [:]
    self.closing = [:]
    for done in waiting { done(writers.mapError { $0 as any Error }) }
    for done in closing { done(closers.mapError { $0 as any Error }) }
  }
}
