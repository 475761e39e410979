/// A point on the clock that never goes back, in milliseconds since an arbitrary start.
///
/// What pure state machines take as an argument; ``EventLoop/now`` gives it.
package struct MonotonicTime: Hashable, Comparable, Sendable {
  /// Milliseconds since the clock's start.
  package var milliseconds: Int64

  /// The point `milliseconds` after the clock's start.
  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// The point that never comes.
  package static let distantFuture = MonotonicTime(milliseconds: .max)

  package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool { left.milliseconds < right.milliseconds }

  /// The point `milliseconds` after `time`; ends at ``distantFuture`` instead of overflowing.
  package static func + (time: MonotonicTime, milliseconds: Int) -> MonotonicTime {
    let (sum, overflow) = time.milliseconds.addingReportingOverflow(Int64(milliseconds))
    return overflow ? .distantFuture : MonotonicTime(milliseconds: sum)
  }

  /// The milliseconds from `right` to `left`.
  package static func - (left: MonotonicTime, right: MonotonicTime) -> Int {
    Int(left.milliseconds - right.milliseconds)
  }
}
