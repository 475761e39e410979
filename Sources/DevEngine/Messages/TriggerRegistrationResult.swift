/// A provider's word about a binding; an error in it goes on to the binder.
package struct TriggerRegistrationResult: Equatable, Sendable {
  package var id: String
  package var triggerType: String
  package var functionID: String
  package var error: ErrorBody?
}
