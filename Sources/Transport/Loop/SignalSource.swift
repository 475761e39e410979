import CUV

/// Calls its owner in a turn of the loop when the process gets a signal.
@safe package final class SignalSource {
  private let handle: Handle

  /// Takes `signal` (as `SIGTERM`) away from its default action, as long as this object lives.
  ///
  /// The corresponding C functions are `uv_signal_init` and `uv_signal_start`.
  package init(on loop: EventLoop, signal: CInt, _ received: @escaping () -> Void) throws(Errno) {
    let handle = try unsafe Handle(uv_signal_t.self, { _, _ in received() }) { unsafe uv_signal_init(loop.loop, $0) }
    self.handle = handle
    do {
      try unsafe libuv(
        uv_signal_start(handle.pointer(as: uv_signal_t.self), { unsafe Handle.fired($0, value: $1) }, signal))
    } catch {
      handle.close()
      throw error
    }
  }

  /// Gives the signal back to its default action.
  package func close() { handle.close() }

  deinit { handle.close() }
}
