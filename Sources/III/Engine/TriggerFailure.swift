/// Why a trigger is not served: what a provider answers, and a binder is told (engine protocol, section 2.8).
package struct TriggerFailure: Equatable, Sendable {
  /// What a provider says that has no code of its own.
  package static let registrationFailed = "trigger_registration_failed"
  /// What a worker says that is asked for a type which it does not provide (section 3.4).
  package static let typeNotFound = "trigger_type_not_found"

  /// The code.
  package var code: String
  /// A sentence for people.
  package var message: String

  /// A failure.
  package init(code: String, message: String) {
    self.code = code
    self.message = message
  }
}
