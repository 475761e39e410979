import IIIObservability
import Transport

extension InitOptions {
  /// What is told, and where it says it comes from; nil when nothing is.
  func telemetrySettings(
    for link: LinkOptions, environment: (String) -> String? = HostProcess.environment
  ) -> TelemetrySettings? {
    var random = RandomPool()
    let instance = UUIDBits(version4: (random.next(), random.next())).description
    let settings = telemetry.resolved(
      workerName: link.name, sdkVersion: Self.version, instanceID: instance, environment: environment)
    return settings.isEnabled ? settings : nil
  }
}
