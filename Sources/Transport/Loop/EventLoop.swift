import Bytes
import CUV
import Glibc

/// The loop that everything of one thread runs on: sockets, timers, signals, and the flush at the end of each turn.
///
/// Owned by the thread that runs it, and never leaves it: neither the loop nor anything made on it is Sendable. All
/// callbacks run inside ``run()``, one after the other.
///
/// One turn: due timers, then the *flush*, then waiting for events and handing them to their owners, then the flush
/// again. Streams that were marked dirty are written in the flush, one system call each, however many messages were
/// appended to them.
@safe package final class EventLoop {
  let loop: UnsafeMutablePointer<uv_loop_t>
  private(set) var isOpen = true
  private var flushHandles: [Handle] = []
  /// Active only while something is left to flush, so that polling does not wait.
  private var hurry: Handle?
  private var isHurrying = false

  private var deferred: [() -> Void] = []
  private var dirty: [SocketStream] = []
  private var flushing: [SocketStream] = []
  /// Where streams without a buffer of their own read into: lent for one read, so that an idle stream holds no memory.
  var spareInput = ByteBuffer()
  /// Streams that keep memory from earlier traffic; those that were idle since the last sweep give it back.
  private var warm: [SocketStream] = []
  private var sweep: Timer?

  /// A loop that runs nothing yet.
  ///
  /// The corresponding C function is `uv_loop_init`.
  package init() throws(Errno) {
    unsafe loop = UnsafeMutablePointer<uv_loop_t>.allocate(capacity: 1)
    let code = unsafe uv_loop_init(loop)
    if code < 0 {
      unsafe loop.deallocate()
      throw Errno(code: -code)
    }
    unsafe loop.pointee.data = Unmanaged.passUnretained(self).toOpaque()
    do {
      try openFlushHandles()
    } catch {
      close()
      throw error
    }
  }

  private func openFlushHandles() throws(Errno) {
    let check = try unsafe Handle(uv_check_t.self, { [unowned self] _, _ in flush() }) {
      unsafe uv_check_init(loop, $0)
    }
    flushHandles.append(check)
    let prepare = try unsafe Handle(uv_prepare_t.self, { [unowned self] _, _ in flushBeforeWaiting() }) {
      unsafe uv_prepare_init(loop, $0)
    }
    flushHandles.append(prepare)
    hurry = try unsafe Handle(uv_idle_t.self, { _, _ in }) { unsafe uv_idle_init(loop, $0) }
    unsafe uv_check_start(check.pointer(as: uv_check_t.self)) { unsafe Handle.fired($0) }
    unsafe uv_prepare_start(prepare.pointer(as: uv_prepare_t.self)) { unsafe Handle.fired($0) }
  }

  /// The time at the start of this turn's events; read from the clock once per turn.
  package var now: MonotonicTime {
    precondition(isOpen, "a closed loop has no time")
    return MonotonicTime(milliseconds: Int64(unsafe uv_now(loop)))
  }

  /// Reads the clock again, after something that took long.
  package func updateTime() { unsafe uv_update_time(loop) }

  /// Runs until ``stop()`` is called.
  package func run() { unsafe uv_run(loop, UV_RUN_DEFAULT) }

  /// Runs one turn: for tests.
  ///
  /// - Parameter waiting: Whether to wait for an event when none is pending.
  package func runOnce(waiting: Bool = true) { unsafe uv_run(loop, waiting ? UV_RUN_ONCE : UV_RUN_NOWAIT) }

  /// Makes ``run()`` return after this turn.
  package func stop() { unsafe uv_stop(loop) }

  /// Runs `body` once, right before the next flush: for work that shall be done once for all events of a turn.
  package func atEndOfTurn(_ body: @escaping () -> Void) {
    // A closed loop would keep the work, and what it holds, for ever.
    if isOpen { deferred.append(body) }
  }

  /// Closes everything that is open on the loop, waits for look-ups that are under way, and frees the loop. Nothing that
  /// was made on it fires any more.
  package func close() {
    guard isOpen else { return }
    isOpen = false
    deferred.removeAll()
    dirty.removeAll()
    warm.removeAll()
    sweep = nil
    unsafe Handle.closeAll(on: loop)
    while unsafe uv_loop_close(loop) == -EBUSY { unsafe uv_run(loop, UV_RUN_DEFAULT) }
    unsafe loop.deallocate()
  }

  deinit { close() }
}

// MARK: - The flush

extension EventLoop {
  /// Puts `stream` on the list of the next flush. A stream is on it once: it keeps the mark itself.
  func markDirty(_ stream: SocketStream) {
    if isOpen { dirty.append(stream) }
  }

  private func flush() {
    runDeferred()
    guard !dirty.isEmpty else { return }
    // What owners append when they hear that a stream has drained goes to the next flush: a peer that reads fast cannot
    // hold the others.
    swap(&dirty, &flushing)
    var index = 0
    while index < flushing.count {
      let stream = flushing[index]
      stream.flush()
      index += 1
    }
    flushing.removeAll(keepingCapacity: true)
  }

  private func flushBeforeWaiting() {
    flush()
    let mustHurry = !dirty.isEmpty || !deferred.isEmpty
    guard mustHurry != isHurrying, let hurry else { return }
    isHurrying = mustHurry
    let idle = unsafe hurry.pointer(as: uv_idle_t.self)
    if mustHurry { unsafe uv_idle_start(idle) { _ in } } else { unsafe uv_idle_stop(idle) }
  }

  private func runDeferred() {
    guard !deferred.isEmpty else { return }
    var bodies: [() -> Void] = []
    swap(&bodies, &deferred)
    for body in bodies { body() }
  }
}

// MARK: - Memory of idle streams

extension EventLoop {
  /// How long a stream keeps its output memory without using it, in milliseconds; at most twice that.
  static var sweepInterval: Int { 1000 }

  /// Has the memory of `stream` looked at in the next sweep.
  func markWarm(_ stream: SocketStream) {
    warm.append(stream)
    if sweep == nil { sweep = Timer(on: self) { [unowned self] in sweepWarm() } }
    if warm.count == 1 { sweep?.start(after: Self.sweepInterval) }
  }

  private func sweepWarm() {
    warm.removeAll { $0.releaseIdleMemory() }
    if !warm.isEmpty { sweep?.start(after: Self.sweepInterval) }
  }
}
