/// Why a registration was refused (engine protocol, section 2.13).
package enum RegistrationRejection: Equatable, Sendable {
  /// `owner` is empty for a reserved id.
  case function(id: String, namespace: String, owner: String)
  case worker(name: String, namespace: String, owner: String)
}
