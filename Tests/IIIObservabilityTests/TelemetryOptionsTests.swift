import Testing
import Transport

@testable import IIIObservability

@Suite struct TelemetryOptionsTests {
  private func settings(
    _ environment: [String: String] = [:], _ change: (inout TelemetryOptions) -> Void = { _ in }
  ) -> TelemetrySettings {
    var options = TelemetryOptions()
    change(&options)
    return options.resolved(workerName: "w", sdkVersion: "1", instanceID: "id", environment: { environment[$0] })
  }

  @Test func defaults() {
    let settings = settings()
    #expect(settings.isEnabled && settings.sendsMetrics)
    #expect(settings.resource.serviceName == "w" && settings.resource.serviceVersion == "unknown")
    #expect(settings.resource.serviceInstanceID == "id" && settings.resource.serviceNamespace == nil)
    #expect((settings.spanInterval, settings.spanBatch, settings.logInterval) == (1000, 512, 100))
    #expect((settings.metricInterval, settings.spansPerSecond, settings.spanBurst) == (60_000, 50, 500))
    #expect(settings.payloads == PayloadCapture(limit: 16 << 10))
  }

  @Test(arguments: ["false", "0", "no", "OFF"]) func environmentSwitchesOff(_ value: String) {
    #expect(!settings(["OTEL_ENABLED": value]).isEnabled)
    #expect(!settings(["OTEL_METRICS_ENABLED": value]).sendsMetrics)
    #expect(settings(["OTEL_ENABLED": value]) { $0.isEnabled = true }.isEnabled, "an option counts more")
  }

  @Test func environmentIsRead() {
    let settings = settings([
      "OTEL_ENABLED": "yes", "OTEL_SERVICE_NAME": "s", "SERVICE_VERSION": "v", "SERVICE_NAMESPACE": "n",
      "SERVICE_INSTANCE_ID": "i", "OTEL_SPANS_FLUSH_INTERVAL_MS": "250", "OTEL_LOGS_FLUSH_INTERVAL_MS": "-5",
      "OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.5",
    ])
    #expect(settings.isEnabled)
    #expect(
      settings.resource
        == TelemetryResource(
          serviceName: "s", serviceVersion: "v", serviceNamespace: "n", serviceInstanceID: "i", sdkVersion: "1"))
    #expect((settings.spanInterval, settings.logInterval) == (250, 100))
    #expect(settings.sampler == Sampler(name: "parentbased_traceidratio", argument: "0.5"))
  }

  @Test func payloadsByEnvironment() {
    #expect(settings(["III_DISABLE_TRACE_PAYLOADS": "1"]).payloads == nil)
    #expect(settings(["III_DISABLE_TRACE_PAYLOADS": "true"]).payloads == nil)
    #expect(settings(["III_DISABLE_TRACE_PAYLOADS": "0"]).payloads != nil)
    #expect(settings(["III_TRACE_PAYLOAD_MAX_BYTES": "100"]).payloads?.limit == 100)
    #expect(settings(["III_TRACE_PAYLOAD_MAX_BYTES": "unlimited"]).payloads == PayloadCapture(limit: nil))
    #expect(settings(["III_TRACE_PAYLOAD_MAX_BYTES": "100"]) { $0.payloadLimit = 5 }.payloads?.limit == 5)
  }

  @Test(arguments: [
    ("/", "/otel"), ("/?a=b", "/otel?a=b"), ("/p", "/p/otel"), ("/p/?x", "/p/otel?x"), ("/otel", "/otel"),
    ("/p/otel?x", "/p/otel?x"),
  ])
  func destinationIsBesideTheWorkersAddress(_ target: String, _ expected: String) {
    #expect(TelemetryDestination.target(beside: target) == expected)
  }

  @Test func baggageThatSpansShow() {
    #expect(
      Baggage.spanAttributes("a=b, iii.session.id = s%201;p=1,iii.message.id=m,iii.function.id") == [
        Attribute("iii.session.id", "s 1"), Attribute("iii.message.id", "m"),
      ])
    #expect(Baggage.spanAttributes(nil).isEmpty)
  }
}
