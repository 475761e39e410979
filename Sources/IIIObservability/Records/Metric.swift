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
