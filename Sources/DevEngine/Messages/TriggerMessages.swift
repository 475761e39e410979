/// What a worker says about a trigger type that it provides.
package struct TriggerTypeDefinition: Equatable, Sendable {
  package var id: String
  package var description: String
  package var triggerRequestFormat: JSONValue?
  package var callRequestFormat: JSONValue?
  package var namespace: String?
}

/// A worker's wish to bind a function to a trigger type.
package struct TriggerRequest: Equatable, Sendable {
  package var id: String
  package var triggerType: String
  package var functionID: String
  package var config: JSONValue
  package var metadata: JSONValue?
  package var namespace: String?
  package var triggerNamespace: String?
}

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

/// A provider's word about a binding; an error in it goes on to the binder.
package struct TriggerRegistrationResult: Equatable, Sendable {
  package var id: String
  package var triggerType: String
  package var functionID: String
  package var error: ErrorBody?
}
