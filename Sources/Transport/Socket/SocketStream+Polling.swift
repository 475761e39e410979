import Bytes
import CUV
import Glibc

extension SocketStream {
  private static let readable = CInt(UV_READABLE.rawValue)
  private static let writable = CInt(UV_WRITABLE.rawValue)
  private static let disconnect = CInt(UV_DISCONNECT.rawValue)
  private static let prioritized = CInt(UV_PRIORITIZED.rawValue)

  /// What to poll for, computed from nothing but the state.
  ///
  /// While nothing is read, UV_PRIORITIZED alone stands for "tell me when the peer is gone": on AF_UNIX it is silent while
  /// the peer has only ended its output, and fires once with POLLHUP. UV_DISCONNECT would fire without an end there. On
  /// TCP the end of the peer's output is the only sign, and UV_DISCONNECT shows it.
  var wantedEvents: CInt {
    guard isOpen, isStarted else { return 0 }
    var events: CInt = 0
    if hasReachedEnd || (isPaused && linger == nil) {
      events |= Self.prioritized
      if family == .internet { events |= Self.disconnect }
    } else {
      events |= Self.readable
    }
    if isBlocked { events |= Self.writable }
    return events
  }

  func updatePolling() {
    let wanted = wantedEvents
    guard wanted != polled, let handle, handle.isOpen else { return }
    polled = wanted
    let poll = unsafe handle.pointer(as: uv_poll_t.self)
    // Neither call fails for a descriptor that uv_poll_init took.
    if wanted == 0 {
      unsafe uv_poll_stop(poll)
    } else {
      unsafe uv_poll_start(poll, wanted) { unsafe Handle.fired($0, status: $1, value: $2) }
    }
  }

  /// One event of the loop.
  func ready(status: CInt, events: CInt) {
    if status < 0 {
      // libuv says UV_EBADF for POLLERR, and has stopped polling: the peer is gone, with bytes of ours unread.
      return finish(pendingError ?? .connectionReset)
    }
    if events & Self.readable != 0 { receive() }
    if isOpen, events & (Self.prioritized | Self.disconnect) != 0 { return finish(pendingError) }
    if isOpen, events & Self.writable != 0 {
      isBlocked = false
      flush()
      updatePolling()
    }
  }

  /// The error that the socket carries, and forgets by this. The corresponding C function is `getsockopt` with SO_ERROR.
  private var pendingError: Errno? {
    guard let number = descriptor?.number else { return nil }
    var code: CInt = 0
    var length = socklen_t(MemoryLayout<CInt>.size)
    guard unsafe getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &length) == 0, code != 0 else { return nil }
    return Errno(code: code)
  }
}

// MARK: - Pausing

extension SocketStream {
  /// Reads no more until ``resumeReading()``. What is under way waits in the kernel, so that a fast peer is slowed down;
  /// that the peer is gone is still noticed.
  package func pauseReading() {
    guard !isPaused else { return }
    isPaused = true
    updatePolling()
  }

  /// Reads again.
  package func resumeReading() {
    guard isPaused else { return }
    isPaused = false
    updatePolling()
  }
}

// MARK: - The end

extension SocketStream {
  /// Closes at once and drops what was not written. No callback follows, not even one that the loop has under way.
  package func close() {
    guard isOpen else { return }
    isOpen = false
    owner = nil
    linger?.close()
    linger = nil
    // In this order: libuv must have forgotten the descriptor before its number can be given out again.
    handle?.close()
    handle = nil
    descriptor = nil
    tls = nil
    closed?()
    closed = nil
  }

  /// Takes nothing more from the peer of a Unix socket: hands over what it has written so far, in this call, and from then
  /// on its writes fail with EPIPE. So each of its messages is either answered or was never taken, whatever the moment.
  ///
  /// The corresponding C function is `shutdown`. Of a message that was written in part the owner gets that part.
  package func endInput() {
    guard isOpen, isStarted, family == .local, linger == nil, !hasReachedEnd, let number = descriptor?.number,
      shutdown(number, CInt(SHUT_RD)) == 0
    else { return }
    isPaused = false
    if !input.isEmpty { deliver() }
    receiveRest()
    guard isOpen else { return }
    hasReachedEnd = true
    updatePolling()
  }

  /// Lets the owner go, writes what is left, tells the peer that this is all, and closes as soon as the peer has closed
  /// too or `limit` milliseconds have passed. Input is dropped. No callback follows.
  ///
  /// Closing at once instead, with input of the peer unread, would make the kernel drop or overtake our last output.
  ///
  /// - Parameters:
  ///   - limit: How long the peer may take, in milliseconds.
  ///   - closed: Called when it is closed; not when it was closed already.
  package func closeAfterFlush(limit: Int = 2000, closed: (() -> Void)? = nil) {
    guard isOpen, linger == nil else { return }
    owner = nil
    self.closed = closed
    guard isStarted, !(hasReachedEnd && pendingOutput == 0) else { return close() }
    // The timer's closure is what holds the stream from now on.
    let timer = Timer(on: loop) { self.close() }
    timer.start(after: limit)
    linger = timer
    markDirty()
    updatePolling()
  }

  /// Everything is written after ``closeAfterFlush(limit:)``.
  func outputEnded() {
    guard let number = descriptor?.number, !hasReachedEnd else { return close() }
    guard shutdown(number, CInt(SHUT_WR)) == 0 else { return close() }
    updatePolling()
  }

  /// The peer is gone or the connection failed: hands over what has still arrived, closes, and tells the owner.
  func finish(_ error: Errno?) {
    guard isOpen else { return }
    if linger != nil { return close() }
    if !hasReachedEnd { receiveRest() }
    if let end = tls?.unexpectedEnd, tlsFailure == nil { tlsFailure = end }
    // The owner may have closed when it got the rest.
    guard isOpen else { return }
    let owner = owner
    close()
    owner?.streamClosed(self, error)
  }
}
