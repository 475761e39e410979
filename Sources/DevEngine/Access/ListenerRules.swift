/// What holds for the connections of one listener.
package struct ListenerRules: Equatable, Sendable {
  /// Its access rules; nil for none.
  package var access: AccessRules?
  /// The function that every call goes to instead of the one that it names, but for the engine's own (engine protocol,
  /// section 4.6); nil for none.
  package var middleware: String?

  package init() {}

  /// Whether they may change what becomes of a call.
  var concernsCalls: Bool { access != nil || middleware != nil }
}
