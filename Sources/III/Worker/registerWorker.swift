import IIIObservability

/// Connects a worker to an engine.
///
/// - Parameters:
///   - address: `ws://` or `wss://`; else `III_URL`, else `ws://127.0.0.1:49134`.
///   - options: Who the worker is.
/// - Returns: The worker, connected; with a ``InitOptions/connectTimeout`` of zero at once, on its way there.
/// - Throws: ``ConnectionError`` when an option cannot be used, the engine refused the worker for good, or there was no
///   connection within ``InitOptions/connectTimeout``.
public func registerWorker(_ address: String? = nil, options: InitOptions = InitOptions()) async throws -> Worker {
  let linkOptions = try options.resolved(address: address)
  let telemetry = options.telemetrySettings(for: linkOptions)
  let worker = try Worker(
    invocationTimeout: options.invocationTimeout, handlers: options.handlers,
    sink: telemetry.map { _ in TelemetrySink() })
  do {
    try await worker.start(
      linkOptions, telemetry: telemetry, log: options.log, timeout: options.connectTimeout.milliseconds)
  } catch {
    await worker.shutdown(timeout: .zero)
    throw error
  }
  return worker
}
