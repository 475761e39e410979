import Bytes
import Transport
import WebSocket

/// A writing end on the worker's loop: one connection, made when there is something to send.
///
/// Owned by ``WorkerCore``. It hands the connection no more than that has room for, so that who writes waits for an engine
/// that does not read.
final class ChannelSender: WebSocketConnectionOwner {
  typealias Continuation = CheckedContinuation<Void, any Error>

  /// With this many bytes waiting in the connection nothing more is put there.
  private static let outputMark = 256 << 10

  private let ref: StreamChannelRef
  private let endpoint: ChannelEndpoint
  private var socket: WebSocketConnection?
  private var openedAt: MonotonicTime?
  private var hasSent = false
  private var outbox = ChannelOutbox()
  private var waiting: [Int: Continuation] = [:]
  private var closing: [Int: Continuation] = [:]
  private var isClosing = false
  private var abandoned: (() -> Void)?
  /// How it ended, once it has.
  private var end: Result<Void, ChannelError>?

  init(_ ref: StreamChannelRef, _ endpoint: ChannelEndpoint) {
    self.ref = ref
    self.endpoint = endpoint
  }

  /// Sends a message, or several; the continuation is resumed when all of it is in the connection's hands.
  func send(_ number: Int, _ kind: MessageKind, _ bytes: [UInt8], _ continuation: Continuation) {
    if case .failure(let error) = end { return continuation.resume(throwing: error) }
    guard end == nil, !isClosing else { return continuation.resume(throwing: ChannelError.closed(ref)) }
    waiting[number] = continuation
    outbox.append(number, kind, bytes)
    start()
  }

  /// Closes behind everything that was sent; the continuation is resumed when the engine has taken all of it.
  func close(_ number: Int, _ continuation: Continuation) {
    if let end { return continuation.resume(with: end.mapError { $0 as any Error }) }
    closing[number] = continuation
    isClosing = true
    start()
  }

  /// Who waits has been cancelled: nothing of it is sent, or, when that is too late, nothing more at all.
  func cancel(_ number: Int) {
    guard let continuation = waiting.removeValue(forKey: number) ?? closing.removeValue(forKey: number) else { return }
    continuation.resume(throwing: CancellationError())
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
      if let number = piece.finished { waiting.removeValue(forKey: number)?.resume() }
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
    case .closedByUs where connection.isCloseAnswered: conclude(.success(()))
    case .closedByPeer where openedAt.map { endpoint.loop.now - $0 < ChannelEndpoint.takenWindow } ?? true:
      conclude(.failure(.taken(ref)))
    case .closedByUs, .lost(nil): conclude(.failure(.lost(ref, "the reader or the engine is gone")))
    default: conclude(.failure(.lost(ref, "\(reason)")))
    }
  }

  /// There was no connection: the next one who writes tries again.
  private func failWaiting(_ error: ChannelError) {
    outbox = ChannelOutbox()
    isClosing = false
    let continuations = Array(waiting.values) + Array(closing.values)
    waiting = [:]
    closing = [:]
    for continuation in continuations { continuation.resume(throwing: error) }
  }

  private func conclude(_ result: Result<Void, ChannelError>) {
    guard end == nil else { return }
    end = result
    outbox = ChannelOutbox()
    for continuation in waiting.values {
      continuation.resume(with: result.flatMap { .failure(.closed(ref)) }.mapError { $0 as any Error })
    }
    for continuation in closing.values { continuation.resume(with: result.mapError { $0 as any Error }) }
    waiting = [:]
    closing = [:]
  }
}
