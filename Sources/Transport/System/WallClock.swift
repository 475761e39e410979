import CUV
import Glibc

/// The time of day, which may jump: for what people read, nothing is measured with it.
package enum WallClock {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  ///
  /// The corresponding C function is `clock_gettime`.
  package static var milliseconds: Int {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
  }
}
