import CUV

/// Calls its owner at one point in time, once or again and again.
///
/// One per owner, set to the earliest of its deadlines (``DeadlineQueue``), not one per deadline. Closes itself when it
/// is let go.
@safe package final class Timer {
  private let handle: Handle

  /// A timer that is not started.
  ///
  /// - Parameters:
  ///   - loop: The loop whose turns it fires in.
  ///   - fired: Called at each expiry; must not hold the timer's owner strongly.
  package init(on loop: EventLoop, _ fired: @escaping () -> Void) {
    do {
      handle = try unsafe Handle(uv_timer_t.self, { _, _ in fired() }) { unsafe uv_timer_init(loop.loop, $0) }
    } catch {
      // uv_timer_init has no way to fail.
      preconditionFailure("timer: \(error)")
    }
  }

  /// Starts at `time`, or in this turn when that has passed; forgets an earlier start. `distantFuture` stops.
  ///
  /// The corresponding C function is `uv_timer_start`.
  package func start(at time: MonotonicTime) {
    if time == .distantFuture { return stop() }
    guard handle.isOpen else { return }
    let now = unsafe uv_now(handle.pointer(as: uv_timer_t.self).pointee.loop)
    start(after: max(0, time - MonotonicTime(milliseconds: Int64(now))))
  }

  /// Starts `milliseconds` after the loop's ``EventLoop/now``, then every `interval` milliseconds unless that is 0.
  package func start(after milliseconds: Int, repeatingEvery interval: Int = 0) {
    guard handle.isOpen else { return }
    let timer = unsafe handle.pointer(as: uv_timer_t.self)
    unsafe uv_timer_start(timer, { unsafe Handle.fired($0) }, UInt64(max(0, milliseconds)), UInt64(max(0, interval)))
  }

  /// Does not fire until it is started again.
  package func stop() {
    guard handle.isOpen else { return }
    unsafe uv_timer_stop(handle.pointer(as: uv_timer_t.self))
  }

  /// Whether it is going to fire.
  package var isActive: Bool {
    unsafe handle.isOpen && uv_is_active(handle.pointer(as: uv_handle_t.self)) != 0
  }

  /// Never fires again.
  package func close() { handle.close() }

  deinit { handle.close() }
}
