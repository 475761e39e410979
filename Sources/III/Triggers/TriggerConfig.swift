/// One trigger of a type that this worker provides, as its ``TriggerHandler`` gets it: complete in both of its methods,
/// although an engine tells only the id of a trigger that ends.
public struct TriggerConfig<Config: Sendable>: Sendable {
  /// The trigger's id.
  public let id: String
  /// Its type.
  public let triggerType: String
  /// The function that is called when it fires.
  public let functionID: String
  /// What its binder has configured.
  public let config: Config
  /// Goes to the function with every firing.
  public let metadata: JSON?
  /// Where the function is; nil for the default namespace.
  public let namespace: String?

  /// What fires it; weak, because a worker holds its handlers, which hold these.
  weak let worker: Worker?
  /// Whether calls need to be told that nil means the default namespace, because the worker has one of its own.
  let hasNamedDefault: Bool

  /// The same trigger with another form of its configuration.
  func with<Other: Sendable>(_ config: Other) -> TriggerConfig<Other> {
    TriggerConfig<Other>(
      id: id, triggerType: triggerType, functionID: functionID, config: config, metadata: metadata,
      namespace: namespace, worker: worker, hasNamedDefault: hasNamedDefault)
  }
}
