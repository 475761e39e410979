/// What a worker tells of itself, and how much. What is nil comes from the environment, else from the default.
public struct TelemetryOptions: Sendable {
  /// Whether spans, log lines and metrics are sent at all; else `OTEL_ENABLED` (off for `false`, `0`, `no`, `off`), else
  /// yes.
  public var isEnabled: Bool?
  /// The service's name; else `OTEL_SERVICE_NAME`, else the worker's.
  public var serviceName: String?
  /// The service's version; else `SERVICE_VERSION`, else `unknown`.
  public var serviceVersion: String?
  /// What the service is a part of; else `SERVICE_NAMESPACE`, else nothing.
  public var serviceNamespace: String?
  /// Tells one process of the service from another; else `SERVICE_INSTANCE_ID`, else random.
  public var serviceInstanceID: String?
  /// How long spans are gathered, if there are not ``spanBatch`` of them before; else `OTEL_SPANS_FLUSH_INTERVAL_MS`, else
  /// 1 s.
  public var spanInterval: Duration?
  /// The most spans in one frame.
  public var spanBatch = 512
  /// How long log lines are gathered; else `OTEL_LOGS_FLUSH_INTERVAL_MS`, else 100 ms.
  public var logInterval: Duration?
  /// How often metrics are sent.
  public var metricInterval: Duration = .seconds(60)
  /// How many spans are sent per second, over all functions: an engine pays for each of them. Errors, slow calls, and
  /// traces that a caller has sampled come first. How many were left out is told.
  public var spansPerSecond = 50.0
  /// How many may be sent at once after a quiet time.
  public var spanBurst = 500
  /// From when on a call counts as slow.
  public var slowCall: Duration = .seconds(1)
  /// Whether calls are counted and the process is measured; else `OTEL_METRICS_ENABLED`, else yes.
  public var sendsMetrics: Bool?
  /// Whether arguments and results of calls stand in their spans, without what looks secret; else not when
  /// `III_DISABLE_TRACE_PAYLOADS` is `1` or `true`, else yes.
  public var capturesPayloads: Bool?
  /// The most bytes of each; zero: any number. Else `III_TRACE_PAYLOAD_MAX_BYTES`, else 16 KiB.
  public var payloadLimit: Int?

  /// What the environment says.
  public init() {}

  /// Nothing is sent.
  public static var disabled: TelemetryOptions {
    var options = TelemetryOptions()
    options.isEnabled = false
    return options
  }
}
