import CUV
import Glibc

/// Tells when the process's standard input ends: how a child notices that its parent is gone, whatever ended it.
///
/// What comes in before the end is thrown away. Closes itself when it is let go.
@safe package final class InputEnd {
  private var handle: Handle?
  private let ended: () -> Void

  /// Watches standard input.
  ///
  /// The corresponding C functions are `uv_poll_init` and `read`.
  ///
  /// - Parameters:
  ///   - loop: The loop whose turns it reads in.
  ///   - ended: Called once.
  /// - Throws: When standard input cannot be waited for, as a file, which has no end to wait for.
  package init(on loop: EventLoop, _ ended: @escaping () -> Void) throws(Errno) {
    self.ended = ended
    let handle = try unsafe Handle(uv_poll_t.self, { [unowned self] _, _ in readable() }) {
      unsafe uv_poll_init(loop.loop, $0, STDIN_FILENO)
    }
    self.handle = handle
    try unsafe libuv(
      uv_poll_start(handle.pointer(as: uv_poll_t.self), CInt(UV_READABLE.rawValue)) {
        unsafe Handle.fired($0, status: $1, value: $2)
      })
  }

  private func readable() {
    let count = unsafe withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
      unsafe read(STDIN_FILENO, buffer.baseAddress, buffer.count)
    }
    if count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR)) { return }
    close()
    ended()
  }

  /// Tells nothing any more.
  package func close() {
    handle?.close()
    handle = nil
  }

  deinit { handle?.close() }
}
