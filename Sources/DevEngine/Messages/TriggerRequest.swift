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
