import Bytes
package import Transport
package import WebSocket

/// One connection to one end of a channel, and what its end means (engine protocol, section 6).
///
/// Owned by who reads or writes, whom it calls through ``ChannelLinkOwner``. One-shot, as the end itself: an engine lets
/// nobody in twice. It holds no queue of its own: what is sent stands in the connection's output.
package final class ChannelLink {
  /// With this many bytes waiting in the connection it has no room for more.
  package static let outputMark = 256 << 10
  /// Soon after it was opened, in milliseconds, an engine closes an end that somebody else has.
  package static let takenWindow = 100

  /// What opens this end.
  package let ref: StreamChannelRef
  private let loop: EventLoop
  private weak var owner: (any ChannelLinkOwner)?
  private var socket: WebSocketConnection?
  private var openedAt: MonotonicTime?
  private var hasReceived = false
  private var hasSent = false

  /// Connects. How it goes is told to `owner`, in a later turn of the loop.
  init(_ ref: StreamChannelRef, at endpoint: ChannelEndpoint, owner: any ChannelLinkOwner) {
    self.ref = ref
    self.owner = owner
    loop = endpoint.loop
    let options = endpoint.options
    let limits = FrameLimits(maximumFrame: endpoint.largestMessage, maximumMessage: endpoint.largestMessage)
    socket = WebSocketConnection(
      connectingTo: options.channelURL(ref), on: loop, headers: options.headerLines, tls: options.tls, limits: limits,
      connectTimeout: options.connectLimit, owner: self)
    // As long as the other end takes its time, so does the engine.
    socket?.closeLimit = nil
    socket?.keepsAlive = true
  }

  /// Whether it may send: it is open, and not closing.
  package var isOpen: Bool { socket?.isOpen ?? false }

  /// Whether it is open and has room for a further message.
  package var hasRoom: Bool { isOpen && pendingOutput <= Self.outputMark }

  /// How many bytes wait to be written.
  package var pendingOutput: Int { socket?.pendingOutput ?? 0 }

  /// How many bytes the kernel has taken so far.
  package var bytesWritten: Int { socket?.bytesWritten ?? 0 }

  /// Sends one message; without effect when it is not open.
  package func send(_ kind: ChannelItem.Kind, _ bytes: Span<UInt8>) {
    hasSent = true
    socket?.send(kind == .text ? .text : .binary, sizeHint: bytes.count) { $0.append(bytes) }
  }

  /// Closes behind everything that was sent: the owner is told when the engine has taken all of it. A channel without any
  /// message gets an empty one, so that its reader can tell it from one that somebody else has taken.
  package func close() {
    if isOpen, !hasSent { send(.bytes, Span()) }
    socket?.close(code: .normal)
  }

  /// Closes because nobody has it any more: what was sent still leaves, if the engine takes it soon.
  package func leave() {
    socket?.closeLimit = WebSocketConnection.closeTimeout
    socket?.close(code: .goingAway)
  }

  /// Drops it, and what has not left; the owner is told.
  package func abort() { socket?.abort() }

  /// Takes no more messages, so that the engine's buffer runs full and the writer waits.
  package func pauseReading() { socket?.pauseReading() }

  /// Takes messages again.
  package func resumeReading() { socket?.resumeReading() }
}

extension ChannelLink: WebSocketConnectionOwner {
  package func webSocketOpened(_ connection: WebSocketConnection) {
    openedAt = loop.now
    connection.outputMark = Self.outputMark
    owner?.channelOpened(self)
  }

  package func webSocket(_ connection: WebSocketConnection, received kind: MessageKind, _ payload: Span<UInt8>) {
    // Nothing is said to a writer.
    guard ref.direction == .read else { return }
    hasReceived = true
    owner?.channel(self, received: kind == .text ? .text : .bytes, payload)
  }

  package func webSocketDrained(_ connection: WebSocketConnection) { owner?.channelDrained(self) }

  package func webSocketClosed(_ connection: WebSocketConnection, _ reason: WebSocketCloseReason) {
    socket = nil
    owner?.channelClosed(self, outcome(reason, connection.closeAnswer))
  }
}

// MARK: - What an end means

extension ChannelLink {
  private func outcome(
    _ reason: WebSocketCloseReason, _ answer: WebSocketCloseAnswer?
  ) -> Result<Void, ChannelError> {
    if openedAt == nil, let error = ChannelError(opening: ref, failed: reason) { return .failure(error) }
    return ref.direction == .read ? readingOutcome(reason) : writingOutcome(reason, answer)
  }

  private func readingOutcome(_ reason: WebSocketCloseReason) -> Result<Void, ChannelError> {
    switch reason {
    case .closedByPeer(nil, _), .closedByPeer(.normal, _):
      !hasReceived && isEarly ? .failure(.taken(ref)) : .success(())
    default: .failure(.lost(ref, "\(reason)"))
    }
  }

  private func writingOutcome(
    _ reason: WebSocketCloseReason, _ answer: WebSocketCloseAnswer?
  ) -> Result<Void, ChannelError> {
    switch reason {
    case .closedByUs where answer == .echo: .success(())
    case .closedByPeer where isEarly, .closedByUs where isEarly && answer == .crossing: .failure(.taken(ref))
    case .closedByUs, .lost(nil): .failure(.lost(ref, "the reader or the engine is gone"))
    default: .failure(.lost(ref, "\(reason)"))
    }
  }

  /// Whether it has just been opened: an engine says no more than this to who comes second.
  private var isEarly: Bool { openedAt.map { loop.now - $0 < Self.takenWindow } ?? true }
}
