extension WorkerMessage {
  /// The message as an engine of that version understands it: without the members that it does not know; nil for a frame
  /// of a type that it does not know, which it drops (engine protocol, section 9.2).
  func understood(by compatibility: Compatibility) -> WorkerMessage? {
    switch self {
    case .reattach: return compatibility.hasReattach ? self : nil
    case .invoke(var call):
      if !compatibility.passesMetadata { call.metadata = nil }
      if !compatibility.hasNamespaces { call.namespace = nil }
      return .invoke(call)
    case .registration(.registerTriggerType(var definition)) where !compatibility.hasNamespaces:
      definition.namespace = nil
      return .registration(.registerTriggerType(definition))
    case .registration(.registerTrigger(var request)) where !compatibility.hasNamespaces:
      request.namespace = nil
      request.triggerNamespace = nil
      return .registration(.registerTrigger(request))
    default: return self
    }
  }
}
