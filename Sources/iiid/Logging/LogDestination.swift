import Transport

/// Where a ``Logger`` writes to, and the clocks it asks; tests have one that remembers.
protocol LogDestination: AnyObject {
  /// The time for the stamp of a line.
  var wallTime: WallTime { get }
  /// The time that repeated lines are counted by.
  var monotonicTime: MonotonicTime { get }
  /// Writes one whole line, with its end. Never fails: a log that cannot be written changes nothing.
  func write(_ line: Span<UInt8>)
}
