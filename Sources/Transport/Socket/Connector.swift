import CUV
import Glibc

/// Tries addresses in their order until one takes the connection.
///
/// Owned by who waits for it; stops when it is let go. Each address gets an equal share of the time that is left, so that one
/// that never answers does not use up the others' time.
@safe final class Connector {
  private let loop: EventLoop
  private var addresses: ArraySlice<SocketAddress>
  private let deadline: MonotonicTime
  private var connected: ((consuming Descriptor) -> Void)?
  private var failed: ((Errno) -> Void)?
  private var descriptor: Descriptor?
  private var handle: Handle?
  private var timer: Timer?
  private var lastError = Errno.timedOut

  /// Connects to one of `addresses`.
  ///
  /// - Parameters:
  ///   - loop: The loop in whose turn the answer comes.
  ///   - addresses: At least one.
  ///   - deadline: When to give up.
  ///   - connected: Gets the connected socket; or
  ///   - failed: gets the last address's error. One of both is called, once, and never within this call.
  init(
    on loop: EventLoop, addresses: [SocketAddress], deadline: MonotonicTime,
    connected: @escaping (consuming Descriptor) -> Void, failed: @escaping (Errno) -> Void
  ) {
    self.loop = loop
    self.addresses = addresses[...]
    self.deadline = deadline
    self.connected = connected
    self.failed = failed
    loop.atEndOfTurn { [weak self] in self?.tryNext() }
  }

  /// Stops; neither closure is called any more.
  func cancel() {
    connected = nil
    failed = nil
    endAttempt()
    timer = nil
  }

  deinit { cancel() }

  private func endAttempt() {
    timer?.stop()
    handle?.close()
    handle = nil
    descriptor = nil
  }

  private func tryNext() {
    guard connected != nil else { return }
    endAttempt()
    let share = max(0, deadline - loop.now) / max(1, addresses.count)
    guard let address = addresses.popFirst() else {
      let failed = failed
      cancel()
      failed?(lastError)
      return
    }
    do throws(Errno) {
      let socket = try Descriptor(socketFor: address)
      let number = socket.number
      // Loopback and Unix sockets connect at once; the answer then comes with the first UV_WRITABLE too.
      _ = try socket.connect(to: address)
      let handle = try unsafe Handle(uv_poll_t.self, { [unowned self] _, _ in ready() }) {
        unsafe uv_poll_init(loop.loop, $0, number)
      }
      descriptor = consume socket
      self.handle = handle
      let poll = unsafe handle.pointer(as: uv_poll_t.self)
      unsafe uv_poll_start(poll, CInt(UV_WRITABLE.rawValue)) { unsafe Handle.fired($0, status: $1, value: $2) }
      let timer = timer ?? Timer(on: loop) { [unowned self] in attemptFailed(.timedOut) }
      timer.start(after: share)
      self.timer = timer
    } catch {
      lastError = error
      loop.atEndOfTurn { [weak self] in self?.tryNext() }
    }
  }

  private func attemptFailed(_ error: Errno) {
    lastError = error
    tryNext()
  }

  private func ready() {
    let code = (try? descriptor?.option(SO_ERROR)) ?? EBADF
    guard code == 0 else { return attemptFailed(Errno(code: code)) }
    handle?.close()
    handle = nil
    guard let socket = descriptor.take() else { return }
    let connected = connected
    cancel()
    connected?(socket)
  }
}
