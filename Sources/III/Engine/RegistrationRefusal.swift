/// Why a function, a trigger type or a trigger was not taken for registration.
package enum RegistrationRefusal: Equatable, Sendable {
  /// One connection carries no more of them. For functions because an engine that loses a connection with more than
  /// 1,024 spins for ever (engine protocol, section 0); for the others so that everything has a bound.
  case tooMany(limit: Int)
  /// The frame would have more bytes than an engine takes in one piece.
  case tooLarge(limit: Int, size: Int)
  /// The link is being shut down.
  case shuttingDown
}
