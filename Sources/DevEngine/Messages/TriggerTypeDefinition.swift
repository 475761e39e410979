/// What a worker says about a trigger type that it provides.
package struct TriggerTypeDefinition: Equatable, Sendable {
  package var id: String
  package var description: String
  package var triggerRequestFormat: JSONValue?
  package var callRequestFormat: JSONValue?
  package var namespace: String?
}
