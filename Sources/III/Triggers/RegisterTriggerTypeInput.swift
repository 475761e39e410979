/// A trigger type that a program provides.
public struct RegisterTriggerTypeInput: Sendable, Hashable {
  /// Its id, as `webhook`; the last worker that registers one has it.
  public var id: String
  /// A sentence about it.
  public var description: String
  /// What its triggers are configured with, for people and tools.
  public var triggerRequestFormat: FunctionFormat?
  /// What the functions are called with, for people and tools.
  public var callRequestFormat: FunctionFormat?
  /// Where it is provided; else in the worker's own namespace.
  public var namespace: String?

  /// The trigger type `id`.
  public init(
    id: String, description: String, triggerRequestFormat: FunctionFormat? = nil,
    callRequestFormat: FunctionFormat? = nil, namespace: String? = nil
  ) {
    self.id = id
    self.description = description
    self.triggerRequestFormat = triggerRequestFormat
    self.callRequestFormat = callRequestFormat
    self.namespace = namespace
  }

  /// What the link registers.
  ///
  /// - Throws: ``InvocationError`` for what an engine would ignore without a word.
  func definition() throws(InvocationError) -> TriggerTypeDefinition {
    if id.allSatisfy(\.isWhitespace) { throw WorkerCore.invalid("a trigger type needs an id", nil) }
    if let namespace, namespace.allSatisfy(\.isWhitespace) {
      throw WorkerCore.invalid("the namespace is blank: give it a name, or leave it out", nil)
    }
    let formats = (triggerRequestFormat?.json, callRequestFormat?.json)
    if let violation = formats.0?.violation ?? formats.1?.violation {
      throw WorkerCore.invalid("an engine would not take a format of trigger type '\(id)': \(violation)", nil)
    }
    var definition = TriggerTypeDefinition(description: description)
    definition.triggerRequestFormat = formats.0?.utf8
    definition.callRequestFormat = formats.1?.utf8
    definition.namespace = namespace
    return definition
  }
}
