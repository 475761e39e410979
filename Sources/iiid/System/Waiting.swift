import Glibc
import Transport

/// What the commands do while there is nothing to do: they wait for one descriptor, or for a while.
enum Waiting {
  /// Waits until something can be read from, or written to, a descriptor.
  ///
  /// The corresponding C function is `poll`.
  ///
  /// - Throws: ``Errno/timedOut`` when it cannot by the deadline.
  static func wait(
    _ descriptor: CInt, toWrite: Bool = false, until deadline: MonotonicTime
  ) throws(Errno) {
    var entry = pollfd(fd: descriptor, events: Int16(toWrite ? POLLOUT : POLLIN), revents: 0)
    while true {
      let left = deadline == .distantFuture ? -1 : CInt(clamping: max(0, deadline - .now))
      let count = unsafe poll(&entry, 1, left)
      if count > 0 { return }
      // poll's own clock may be a little ahead of the one that the deadline is read from.
      if count == 0 && MonotonicTime.now >= deadline { throw .timedOut }
      if count < 0 && errno != EINTR { throw Errno(code: errno) }
    }
  }

  /// Writes all of `bytes`, by as many calls of `once` as that takes.
  ///
  /// - Parameters:
  ///   - bytes: What to write.
  ///   - descriptor: Where to.
  ///   - deadline: When to give up.
  ///   - once: Writes what it can, as `write` does.
  /// - Throws: What `once` fails with, or ``Errno/timedOut``.
  static func write(
    _ bytes: Span<UInt8>, to descriptor: CInt, until deadline: MonotonicTime,
    _ once: (CInt, UnsafeRawBufferPointer) -> Int
  ) throws(Errno) {
    var rest = bytes
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe once(descriptor, $0) }
      if count >= 0 {
        rest = rest.extracting(droppingFirst: count)
        continue
      }
      let error = Errno(code: errno)
      switch error {
      case .interrupted: continue
      case .wouldBlock: try wait(descriptor, toWrite: true, until: deadline)
      default: throw error
      }
    }
  }

  /// Sleeps until a moment.
  static func sleep(until moment: MonotonicTime) { try? wait(-1, until: moment) }
}
