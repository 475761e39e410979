/// Who sent a span, a log record, or a metric: the resource, and the scope within it.
struct TelemetrySource: Equatable, Sendable {
  let resource: JSONObject
  let scopeName: String?
  let scopeVersion: String?

  init(resource: JSONObject, scope: JSONObject? = nil) {
    self.resource = resource
    scopeName = scope?["name"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    scopeVersion = scope?["version"]?.string.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The service's name; `unknown` when it has none.
  var serviceName: String { resource["service.name"]?.string ?? "unknown" }

  /// Adds what lists say of the scope.
  func describeScope(in row: inout JSONObject) {
    row["instrumentation_scope_name"] = scopeName.map(JSONValue.string)
    row["instrumentation_scope_version"] = scopeVersion.map(JSONValue.string)
  }
}
