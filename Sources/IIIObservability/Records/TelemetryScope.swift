/// What a task is doing, as far as telemetry is concerned: tasks that it starts inherit it.
package struct TelemetryScope: Sendable {
  /// The span that runs; nil when the trace is not followed here.
  package var span: SpanContext?
  /// The caller's W3C baggage, which goes on with outgoing calls.
  package var baggage: String?
  /// Where log lines go.
  package var sink: TelemetrySink

  package init(span: SpanContext?, baggage: String?, sink: TelemetrySink) {
    self.span = span
    self.baggage = baggage
    self.sink = sink
  }

  @TaskLocal package static var current: TelemetryScope?
}

extension SpanContext {
  /// The span in which the current task runs: that of the call whose handler it is. Nil outside of one.
  public static var current: SpanContext? { TelemetryScope.current?.span }
}
