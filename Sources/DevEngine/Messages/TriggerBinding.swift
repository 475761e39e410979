/// A binding as its provider is told of it.
package struct TriggerBinding: Equatable, Sendable {
  package var id: String
  package var triggerType: String
  package var functionID: String
  package var config: JSONValue
  package var metadata: JSONValue?
  /// The namespace of the function.
  package var namespace: String
  /// The namespace of the provider, when the binder named one.
  package var triggerNamespace: String?
}
