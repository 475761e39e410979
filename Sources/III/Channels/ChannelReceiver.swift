import Bytes
import Transport
import WebSocket

/// A reading end on the worker's loop: one connection, made when somebody wants to read.
///
/// Owned by ``WorkerCore``. While nobody takes what has arrived, it stops reading: the engine's buffer runs full, and the
/// writer waits.
final class ChannelReceiver: WebSocketConnectionOwner {
  /// Who waits: called once.
  typealias Completion = (Result<[ChannelItem], any Error>) -> Void

  private let ref: StreamChannelRef
  private let endpoint: ChannelEndpoint
  private var socket: WebSocketConnection?
  private var openedAt: MonotonicTime?
  private var hasReceived = false
  private var inbox = ChannelInbox()
  private var waiting: [(number: Int, done: Completion)] = []
  /// How it ended, once it has: what waits in the inbox comes first.
  private var end: Result<Void, ChannelError>?

  /// Whether nothing more comes of it, but what waits.
  var hasEnded: Bool { end != nil }

  init(_ ref: StreamChannelRef, _ endpoint: ChannelEndpoint) {
    self.ref = ref
    self.endpoint = endpoint
  }

  /// Gives `done` what has arrived, as soon as there is something; nothing at the end.
  func take(_ number: Int, _ done: @escaping Completion) {
    waiting.append((number, done))
    if socket == nil, end == nil { socket = endpoint.open(ref, owner: self) }
    deliver()
  }

  /// Who waits has been cancelled, and with that the channel.
  func cancelTake(_ number: Int) {
    guard let index = waiting.firstIndex(where: { $0.number == number }) else { return }
    waiting.remove(at: index).done(.failure(CancellationError()))
    finish(.success(()))
  }

  /// Ends it, and drops what was not taken.
  func finish(_ result: Result<Void, ChannelError>) {
    if end == nil { end = result }
    _ = inbox.takeAll()
    socket?.abort()
    deliver()
  }

  /// The worker is over.
  func shutdown() { if end == nil { finish(.failure(.shutdown(ref))) } }

  private func deliver() {
    while !waiting.isEmpty {
      if !inbox.isEmpty {
        let wasFull = inbox.isFull
        let items = inbox.takeAll()
        waiting.removeFirst().done(.success(items))
        if wasFull { socket?.resumeReading() }
        continue
      }
      switch end {
      case nil: return
      case .success: waiting.removeFirst().done(.success([]))
      case .failure(let error): waiting.removeFirst().done(.failure(error))
      }
    }
  }

  // MARK: - The connection

  func webSocketOpened(_ connection: WebSocketConnection) { openedAt = endpoint.loop.now }

  func webSocket(_ connection: WebSocketConnection, received kind: MessageKind, _ payload: Span<UInt8>) {
    guard end == nil else { return }
    hasReceived = true
    let bytes = [UInt8](copying: payload)
    inbox.received(kind == .text ? .text(String(decoding: bytes, as: UTF8.self)) : .bytes(bytes))
    if inbox.isFull { connection.pauseReading() }
    deliver()
  }

  func webSocketClosed(_ connection: WebSocketConnection, _ reason: WebSocketCloseReason) {
    socket = nil
    if let error = ChannelError(opening: ref, failed: reason), openedAt == nil {
      guard error.code == .notConnected else { return conclude(.failure(error)) }
      // The next one tries again.
      while !waiting.isEmpty { waiting.removeFirst().done(.failure(error)) }
      return
    }
    switch reason {
    case .closedByPeer(nil, _), .closedByPeer(.normal, _):
      // An engine says no more than this to who comes second.
      let isEarly = openedAt.map { endpoint.loop.now - $0 < ChannelEndpoint.takenWindow } ?? true
      conclude(!hasReceived && isEarly ? .failure(.taken(ref)) : .success(()))
    default: conclude(.failure(.lost(ref, "\(reason)")))
    }
  }

  private func conclude(_ result: Result<Void, ChannelError>) {
    if end == nil { end = result }
    deliver()
  }
}
