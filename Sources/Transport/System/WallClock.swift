import CUV

/// The clock on the wall: for stamps that people and other machines read, nothing is measured with it.
package enum WallClock {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  ///
  /// The corresponding C function is `uv_gettimeofday`.
  package static var milliseconds: Int {
    var time = uv_timeval64_t()
    unsafe uv_gettimeofday(&time)
    return Int(time.tv_sec) * 1000 + Int(time.tv_usec) / 1000
  }

  /// Nanoseconds since 1970-01-01T00:00:00Z, as exact as a microsecond.
  package static var nanoseconds: UInt64 {
    var time = uv_timeval64_t()
    unsafe uv_gettimeofday(&time)
    return UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_usec) &* 1000
  }
}
