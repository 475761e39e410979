/// Who sends telemetry (engine protocol, section 7.4).
package struct TelemetryResource: Sendable, Equatable {
  static let sdkName = "iii-swift-sdk"

  package var serviceName: String
  package var serviceVersion: String
  package var serviceNamespace: String?
  package var serviceInstanceID: String
  package var sdkVersion: String

  package init(
    serviceName: String, serviceVersion: String, serviceNamespace: String?, serviceInstanceID: String,
    sdkVersion: String
  ) {
    self.serviceName = serviceName
    self.serviceVersion = serviceVersion
    self.serviceNamespace = serviceNamespace
    self.serviceInstanceID = serviceInstanceID
    self.sdkVersion = sdkVersion
  }

  var attributes: [Attribute] {
    var list = [
      Attribute("telemetry.sdk.language", "swift"), Attribute("telemetry.sdk.name", .string(Self.sdkName)),
      Attribute("telemetry.sdk.version", .string(sdkVersion)),
      Attribute("service.instance.id", .string(serviceInstanceID)),
      Attribute("service.name", .string(serviceName)), Attribute("service.version", .string(serviceVersion)),
    ]
    if let serviceNamespace { list.append(Attribute("service.namespace", .string(serviceNamespace))) }
    return list
  }
}
