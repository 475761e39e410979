/// Counts of durations by their size.
package struct Histogram: Sendable, Equatable {
  /// The upper ends of all buckets but the last, in milliseconds.
  static let bounds: [Double] = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000]

  package private(set) var count: UInt64 = 0
  package private(set) var sum = 0.0
  package private(set) var buckets = [UInt64](repeating: 0, count: bounds.count + 1)

  package init() {}

  /// Counts a duration in milliseconds.
  package mutating func record(_ duration: Double) {
    count += 1
    sum += duration
    buckets[Self.bounds.firstIndex { duration <= $0 } ?? Self.bounds.count] += 1
  }
}
