/// ``TelemetryOptions`` with the environment looked at (engine protocol, section 7.6).
package struct TelemetrySettings: Sendable, Equatable {
  package var isEnabled: Bool
  package var resource: TelemetryResource
  /// In milliseconds.
  package var spanInterval: Int
  package var spanBatch: Int
  /// In milliseconds.
  package var logInterval: Int
  /// In milliseconds.
  package var metricInterval: Int
  package var spansPerSecond: Double
  package var spanBurst: Int
  /// In milliseconds.
  package var slowCall: Double
  package var sendsMetrics: Bool
  /// Nil: payloads stay out.
  package var payloads: PayloadCapture?
  package var sampler: Sampler

  /// The most bytes of a payload when nobody says.
  static let payloadLimit = 16 << 10
}
