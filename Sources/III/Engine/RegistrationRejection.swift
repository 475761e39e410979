/// What an engine says when it refuses a registration (engine protocol, section 2.13).
package struct RegistrationRejection: Equatable, Sendable {
  /// The code of the refusal of one function, after which the connection goes on; any other is fatal.
  package static let functionConflict = "FUNCTION_NAMESPACE_CONFLICT"

  /// The engine's code.
  package var code: String
  /// The namespace in which the name is taken.
  package var namespace: String?
  /// The function that was refused.
  package var functionID: String?
  /// The worker name that was refused.
  package var workerName: String?
  /// The worker that has the name; nil when the engine named none.
  package var owner: String?

  /// One sentence part for people.
  package var message: String {
    var text =
      switch (functionID, workerName) {
      case (let id?, _): "function '\(id)'"
      case (nil, let name?): "worker name '\(name)'"
      case (nil, nil): "the worker"
      }
    text += " was refused"
    if let namespace { text += " in namespace '\(namespace)'" }
    if let owner { text += ": worker \(owner) has it" }
    return text
  }
}
