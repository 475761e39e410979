/// The access rules of one listener: its `rbac` (engine protocol, section 4.6).
package struct AccessRules: Equatable, Sendable {
  /// The function that decides who may connect, and makes the session; nil lets everybody in, with all rights.
  package var authFunction: String?
  /// What all sessions may call.
  package var exposed: [ExposureFilter] = []
  /// The functions that are asked about each registration, in the default namespace; nil for no question.
  package var functionHook: String?
  package var triggerHook: String?
  package var triggerTypeHook: String?

  package init() {}
}
