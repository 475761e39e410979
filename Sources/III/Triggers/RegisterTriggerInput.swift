/// A trigger that a program wants: which function is called when something of a trigger type happens.
public struct RegisterTriggerInput: Sendable, Hashable {
  /// The trigger type, as `http`, `cron`, `engine::workers-available` or one of another worker.
  public var triggerType: String
  /// The function that is called when it fires.
  public var functionID: String
  /// What the type's provider wants to know, as the path of a webhook.
  public var config: JSON
  /// Goes to the function beside the argument, with every firing. Engines before 0.23 take only an object.
  public var metadata: JSON?
  /// Where the function is; else the worker's own namespace, for `engine::` functions the default one.
  public var namespace: String?
  /// Where the provider is, and nowhere else. Nil: in the worker's own namespace, or else in the default one.
  public var triggerNamespace: String?

  /// A trigger of `triggerType` that calls `functionID`.
  public init(
    triggerType: String, functionID: String, config: JSON = .null, metadata: JSON? = nil, namespace: String? = nil,
    triggerNamespace: String? = nil
  ) {
    self.triggerType = triggerType
    self.functionID = functionID
    self.config = config
    self.metadata = metadata
    self.namespace = namespace
    self.triggerNamespace = triggerNamespace
  }

  /// What the link registers.
  ///
  /// - Throws: ``InvocationError`` for what an engine would refuse or never find.
  func definition() throws(InvocationError) -> TriggerDefinition {
    func check(_ text: String?, _ what: String) throws(InvocationError) {
      guard let text, text.allSatisfy(\.isWhitespace) else { return }
      throw WorkerCore.invalid("\(what) is blank: give it a name, or leave it out", functionID)
    }
    if triggerType.allSatisfy(\.isWhitespace) { throw WorkerCore.invalid("a trigger type is needed", functionID) }
    if functionID.allSatisfy(\.isWhitespace) { throw WorkerCore.invalid("a function id is needed", nil) }
    try check(namespace, "the namespace")
    try check(triggerNamespace, "the trigger's namespace")
    if let violation = config.violation ?? metadata?.violation {
      throw WorkerCore.invalid("an engine would not take the trigger: \(violation)", functionID)
    }
    var definition = TriggerDefinition(triggerType: triggerType, functionID: functionID)
    definition.config = config.utf8
    definition.metadata = metadata?.utf8
    definition.namespace = namespace
    definition.triggerNamespace = triggerNamespace
    return definition
  }
}
