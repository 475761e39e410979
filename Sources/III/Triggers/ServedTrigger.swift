/// A trigger that this worker was asked to serve, and by whom it is served.
struct ServedTrigger: TriggerOffer {
  /// What an answer names.
  var asked: IncomingTrigger
  /// What its binder has configured.
  var config: JSON
  /// Goes to the function with every firing.
  var metadata: JSON?
  /// Where the function is; nil for the default namespace.
  var namespace: String?
  /// The handler of its type, at the time it was asked for.
  var handler: TypeErasedTriggerHandler
}
