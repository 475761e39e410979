/// One metric with its points, as OTLP has it.
package struct Metric: Sendable {
  /// What its points are.
  package enum Kind: Sendable {
    /// A value that goes up and down.
    case gauge
    /// A count that only grows, since the start.
    case sum
    /// Counts by size, since the start.
    case histogram
  }

  /// What was measured.
  package enum Value: Sendable, Equatable {
    case int(Int64)
    case double(Double)
    case histogram(Histogram)
  }

  /// A measurement for one set of attributes.
  package struct Point: Sendable {
    package var value: Value
    package var attributes: [Attribute]
    /// Since when it was counted, in nanoseconds since 1970.
    package var start: UInt64
    /// In nanoseconds since 1970.
    package var time: UInt64
  }

  package var name: String
  package var description = ""
  package var unit: String
  package var kind: Kind
  package var points: [Point]
}

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
