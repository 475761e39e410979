/// What the daemon's administrator lets local programs do beyond calling and serving functions.
///
/// Section `[policy]` of the configuration; held by ``Relay``.
struct Policy: Equatable, Sendable {
  /// Whether a client may register a function that the engine calls over HTTP: then whoever may open the socket decides
  /// where the engine sends requests to, and which variables of its environment go with them.
  var httpFunctions = false
}
