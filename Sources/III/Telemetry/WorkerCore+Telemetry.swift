import IIIObservability
import Transport

extension WorkerCore {
  /// Tells of calls, log lines and the process from now on.
  func startTelemetry(_ settings: TelemetrySettings, _ options: LinkOptions, _ sink: TelemetrySink) {
    let destination = TelemetryDestination(beside: options.url, headers: options.headerLines, tls: options.tls)
    telemetry = TelemetryExporter(
      on: loop, settings: settings, destination: destination, workerName: options.name, sink: sink)
    sink.onFirst { [weak worker] in worker?.onLoop { $0.telemetry?.sinkFilled() } }
  }

  /// The handling of a call has come to its end.
  func tell(_ span: RunningSpan, of call: Invocation, _ result: Result<JSON, any Error>) {
    let outcome: SpanOutcome =
      switch result {
      case .success(let json): .success(json.utf8)
      case .failure(let error):
        .failure(
          type: "\(type(of: error))", message: InvocationError(thrown: error).message,
          stacktrace: InvocationError(thrown: error).stacktrace)
      }
    telemetry?.end(
      span, function: call.functionID, baggage: call.baggage, input: call.payload.utf8, outcome: outcome)
  }
}

extension Invocation {
  /// Runs a handler with this call; the tasks within know the span, if there is one.
  func run(_ handler: Worker.Handler, in span: RunningSpan?) async throws -> JSON {
    guard let span, let sink = worker.sink else { return try await handler(self) }
    let scope = TelemetryScope(span: span.context, baggage: baggage, sink: sink)
    return try await TelemetryScope.$current.withValue(scope) { try await handler(self) }
  }
}
