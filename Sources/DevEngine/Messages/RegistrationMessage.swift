/// A frame that is held back until its connection's namespace is known (engine protocol, section 4.1).
package enum RegistrationMessage: Equatable, Sendable {
  case registerFunction(FunctionDefinition)
  case unregisterFunction(id: String)
  /// Tolerated; nothing comes of it.
  case registerService(id: String)
  case registerTriggerType(TriggerTypeDefinition)
  case registerTrigger(TriggerRequest)
  case unregisterTrigger(id: String)
}
