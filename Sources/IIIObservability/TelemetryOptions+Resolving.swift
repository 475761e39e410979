extension TelemetryOptions {
  /// What was given, else what the environment says, else the default.
  ///
  /// - Parameters:
  ///   - workerName: The service's name when there is no other.
  ///   - sdkVersion: The SDK's.
  ///   - instanceID: The instance's id when there is no other.
  ///   - environment: A variable of the environment.
  /// - Returns: What holds.
  package func resolved(
    workerName: String, sdkVersion: String, instanceID: String, environment: (String) -> String?
  ) -> TelemetrySettings {
    func text(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
    func flag(_ name: String) -> Bool? {
      text(name).map { !["false", "0", "no", "off"].contains($0.lowercased()) }
    }
    func interval(_ given: Duration?, _ name: String, _ otherwise: Int) -> Int {
      given.map(\.wholeMilliseconds) ?? text(name).flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil } ?? otherwise
    }
    let disablesPayloads = ["1", "true"].contains(text("III_DISABLE_TRACE_PAYLOADS")?.lowercased())
    var limit = payloadLimit ?? TelemetrySettings.payloadLimit
    if payloadLimit == nil, let given = text("III_TRACE_PAYLOAD_MAX_BYTES") { limit = Int(given) ?? 0 }
    return TelemetrySettings(
      isEnabled: isEnabled ?? flag("OTEL_ENABLED") ?? true,
      resource: TelemetryResource(
        serviceName: serviceName ?? text("OTEL_SERVICE_NAME") ?? workerName,
        serviceVersion: serviceVersion ?? text("SERVICE_VERSION") ?? "unknown",
        serviceNamespace: serviceNamespace ?? text("SERVICE_NAMESPACE"),
        serviceInstanceID: serviceInstanceID ?? text("SERVICE_INSTANCE_ID") ?? instanceID, sdkVersion: sdkVersion),
      spanInterval: interval(spanInterval, "OTEL_SPANS_FLUSH_INTERVAL_MS", 1000), spanBatch: max(1, spanBatch),
      logInterval: interval(logInterval, "OTEL_LOGS_FLUSH_INTERVAL_MS", 100),
      metricInterval: max(100, metricInterval.wholeMilliseconds), spansPerSecond: spansPerSecond,
      spanBurst: spanBurst, slowCall: Double(slowCall.wholeMilliseconds),
      sendsMetrics: sendsMetrics ?? flag("OTEL_METRICS_ENABLED") ?? true,
      payloads: capturesPayloads ?? !disablesPayloads ? PayloadCapture(limit: limit > 0 ? limit : nil) : nil,
      sampler: text("OTEL_TRACES_SAMPLER").flatMap {
        Sampler(name: $0.lowercased(), argument: text("OTEL_TRACES_SAMPLER_ARG"))
      } ?? Sampler())
  }
}

extension Duration {
  /// At least 1.
  fileprivate var wholeMilliseconds: Int {
    let (seconds, attoseconds) = components
    guard seconds >= 0, seconds < 1 << 40 else { return seconds < 0 ? 1 : Int(1) << 50 }
    return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
  }
}
