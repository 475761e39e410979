import Bytes
import WebSocket

extension WebSocketConnection: SocketStreamOwner {
  package func streamReceived(_ stream: SocketStream) {
    // Taken out, so that the owner may do anything to this connection while frames are handed to it.
    var input = stream.input.take()
    if phase == .handshake { receiveHandshake(&input, stream) }
    if (phase == .open && !isPaused) || phase == .closing { receiveFrames(&input) }
    swap(&stream.input, &input)
  }

  package func streamReachedEnd(_ stream: SocketStream) {
    // Over a Unix socket: a WebSocket peer that writes no more is gone, as on TCP.
    streamClosed(stream, nil)
  }

  package func streamClosed(_ stream: SocketStream, _ error: Errno?) {
    // What arrived while reading was paused comes before the end.
    if isPaused, phase == .open {
      isPaused = false
      streamReceived(stream)
    }
    if let failure = stream.tlsFailure { return finish(.tls(failure.text)) }
    finish(phase == .closing ? .closedByUs : .lost(error))
  }

  package func streamDrained(_ stream: SocketStream) {
    if phase == .open { owner?.webSocketDrained(self) }
  }
}

// MARK: - The opening handshake

extension WebSocketConnection {
  private func receiveHandshake(_ input: inout ByteBuffer, _ stream: SocketStream) {
    do throws(HandshakeError) {
      switch role {
      case .client:
        guard try clientHandshake?.receive(&input) == true else { return }
        clientHandshake = nil
      case .server:
        guard let request = try serverHandshake?.receive(&input) else { return }
        self.request = request
        let reply = route?(request) ?? .accept
        // The route may have dropped the connection.
        guard phase == .handshake else { return }
        serverHandshake?.write(reply, into: &stream.output)
        stream.markDirty()
        if case .reject(let status, let body) = reply {
          let error = HandshakeError(kind: .refused, status: status, reason: body)
          return finish(.handshakeFailed(error), flushing: true)
        }
        serverHandshake = nil
        route = nil
      }
    } catch {
      if role == .server { serverHandshake?.write(error, into: &stream.output) }
      return finish(.handshakeFailed(error), flushing: role == .server)
    }
    phase = .open
    limit = nil
    url = nil
    lastReceived = loop.now
    owner?.webSocketOpened(self)
  }
}

// MARK: - Frames

extension WebSocketConnection {
  private func receiveFrames(_ input: inout ByteBuffer) {
    lastReceived = loop.now
    do throws(WebSocketError) {
      try decoder.decode(&input) { event, payload in
        received(event, payload)
        return phase == .closing || (phase == .open && !isPaused)
      }
    } catch {
      guard phase == .open || phase == .closing else { return }
      if dropsViolators { return finish(.protocolViolation(error)) }
      if phase == .open, let stream {
        encoder.writeClose(error.code, reason: error.reason, maskKey: nextMaskKey(), into: &stream.output)
      }
      finish(.protocolViolation(error), flushing: true)
    }
  }

  private func received(_ event: FrameEvent, _ payload: Span<UInt8>) {
    switch event {
    case .message(let kind):
      // After our close frame the owner expects nothing more.
      if phase == .open { owner?.webSocket(self, received: kind, payload) }
    case .ping:
      guard phase == .open, let stream, stream.pendingOutput < Self.pongMark else { return }
      encoder.writePong(payload, maskKey: nextMaskKey(), into: &stream.output)
      stream.markDirty()
    case .pong:
      break
    case .close(let code):
      if phase == .closing {
        closeAnswer = code == closeCode ? .echo : .crossing
        return finish(.closedByUs, flushing: true)
      }
      guard phase == .open, let stream else { return }
      // RFC 6455, section 5.5.1: answered with the same code, after what was sent before.
      encoder.writeClose(code, maskKey: nextMaskKey(), into: &stream.output)
      finish(.closedByPeer(code, Self.text(payload)), flushing: true)
    }
  }

  private static func text(_ bytes: Span<UInt8>) -> String {
    var copy: [UInt8] = []
    for index in bytes.indices { copy.append(bytes[index]) }
    return String(decoding: copy, as: UTF8.self)
  }
}

// MARK: - The end

extension WebSocketConnection {
  /// The one way to the end: lets everything go, and tells the owner.
  ///
  /// - Parameters:
  ///   - reason: For the owner.
  ///   - flushing: Whether what stands in the output is still written.
  func finish(_ reason: WebSocketCloseReason, flushing: Bool = false) {
    guard phase != .closed else { return }
    release(flushing: flushing)
    owner?.webSocketClosed(self, reason)
  }

  /// The same at the end of the turn, for callers who do not expect to be called back at once.
  func finishLater(_ reason: WebSocketCloseReason) {
    guard phase != .closed else { return }
    release(flushing: false)
    // Held until it has heard of it: the owner may let go in this turn.
    let owner = owner
    loop.atEndOfTurn { owner?.webSocketClosed(self, reason) }
  }

  private func release(flushing: Bool) {
    phase = .closed
    limit = nil
    resolver = nil
    connector = nil
    clientHandshake = nil
    serverHandshake = nil
    route = nil
    if flushing { stream?.closeAfterFlush() } else { stream?.close() }
    stream = nil
  }
}
