import Glibc
import Transport

extension MonotonicTime {
  /// This moment, for programs without an event loop. The corresponding C function is `clock_gettime`.
  static var now: MonotonicTime {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
