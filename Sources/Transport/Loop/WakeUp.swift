import CUV

/// Calls its owner in a turn of the loop after some thread has sent its ``WakeUpSignal``.
@safe package final class WakeUp {
  /// What other threads hold.
  package let signal: WakeUpSignal
  private let handle: Handle

  /// Listens to `signal`, which may have been sent before.
  ///
  /// The corresponding C functions are `uv_poll_init` and `uv_poll_start`.
  package init(on loop: EventLoop, signal: WakeUpSignal, _ woken: @escaping () -> Void) throws(Errno) {
    guard let number = signal.number else { throw .badDescriptor }
    let received: (CInt, CInt) -> Void = { _, _ in
      signal.reset()
      woken()
    }
    let handle = try unsafe Handle(uv_poll_t.self, received) { unsafe uv_poll_init(loop.loop, $0, number) }
    self.signal = signal
    self.handle = handle
    let poll = unsafe handle.pointer(as: uv_poll_t.self)
    unsafe uv_poll_start(poll, CInt(UV_READABLE.rawValue)) { unsafe Handle.fired($0, status: $1, value: $2) }
  }

  /// A wake-up with a signal of its own.
  package convenience init(on loop: EventLoop, _ woken: @escaping () -> Void) throws(Errno) {
    try self.init(on: loop, signal: WakeUpSignal(), woken)
  }

  /// Never fires again; later sends do nothing.
  package func close() {
    handle.close()
    signal.close()
  }

  deinit { close() }
}
