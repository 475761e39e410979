/// A span that has begun: what the work within it needs to know, and its end.
package struct RunningSpan: Sendable {
  package let context: SpanContext
  /// The span that it is a part of; nil for the root of a trace.
  package let parent: UInt64?
  /// Whether somebody else has said that the trace is to be kept.
  package let isAwaited: Bool
  /// In nanoseconds since 1970.
  package let start: UInt64
}
