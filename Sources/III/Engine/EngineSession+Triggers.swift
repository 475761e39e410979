extension EngineSession {
  /// The owner provides a trigger type; again under the same id replaces it.
  mutating func registered(triggerType id: String, _ definition: TriggerTypeDefinition) -> RegistrationRefusal? {
    guard !isEnding else { return .shuttingDown }
    guard triggerTypes[id] != nil || triggerTypes.count < triggerTypeLimit else {
      return .tooMany(limit: triggerTypeLimit)
    }
    triggerTypes.set(id, definition)
    if isOpen { effects.append(.registerTriggerType(id)) }
    return nil
  }

  /// The owner provides a trigger type no more.
  mutating func unregistered(triggerType id: String) {
    guard let definition = triggerTypes.remove(id), isOpen else { return }
    effects.append(.unregisterTriggerType(id, namespace: definition.namespace))
  }

  /// The owner binds a function to a trigger type; again under the same id replaces the trigger.
  mutating func registered(trigger id: String, _ definition: TriggerDefinition) -> RegistrationRefusal? {
    guard !isEnding else { return .shuttingDown }
    guard triggers[id] != nil || triggers.count < triggerLimit else { return .tooMany(limit: triggerLimit) }
    triggers.set(id, definition)
    if isOpen { effects.append(.registerTrigger(id)) }
    return nil
  }

  /// The owner takes a trigger back.
  mutating func unregistered(trigger id: String) {
    if isOpen { appendRemoval(ofTrigger: id) }
    _ = triggers.remove(id)
  }

  /// Orders to tell the engine that a trigger is taken back.
  mutating func appendRemoval(ofTrigger id: String) {
    guard let trigger = triggers[id] else { return }
    effects.append(.unregisterTrigger(id, triggerType: trigger.triggerType))
  }
}
