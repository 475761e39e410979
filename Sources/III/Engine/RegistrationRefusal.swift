/// Why a function was not taken for registration.
package enum RegistrationRefusal: Equatable, Sendable {
  /// One connection carries no more functions: an engine that loses a connection with more than 1,024 spins for ever
  /// (engine protocol, section 0).
  case tooMany(limit: Int)
  /// The frame would have more bytes than an engine takes in one piece.
  case tooLarge(limit: Int, size: Int)
  /// The link is being shut down.
  case shuttingDown
}
