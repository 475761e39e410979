import Transport

/// How many lines a log takes in a stretch of time, so that no peer can fill a disk by it.
///
/// Pure: time is an argument.
struct LogLimit {
  private let lines: Int
  private let interval: Int
  private var start: MonotonicTime?
  private var taken = 0
  private var omitted = 0

  /// At most `lines` in `interval` milliseconds.
  init(lines: Int = 20, interval: Int = 10_000) {
    self.lines = lines
    self.interval = interval
  }

  /// A line wants to be written.
  ///
  /// - Returns: How many were left out since the last one that was written; nil when this one is left out as well.
  mutating func admit(_ now: MonotonicTime) -> Int? {
    if let start, now < start + interval {
      guard taken < lines else {
        omitted += 1
        return nil
      }
    } else {
      start = now
      taken = 0
    }
    taken += 1
    defer { omitted = 0 }
    return omitted
  }
}
