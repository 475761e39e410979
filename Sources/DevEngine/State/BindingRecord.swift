/// A binding of a function to a trigger type.
struct BindingRecord {
  /// Who was told of it.
  enum Provider: Equatable {
    /// Nobody: it is parked until somebody provides its type.
    case none
    /// The worker that provides this type.
    case worker(FunctionKey)
    /// The engine itself.
    case engine
  }

  /// Counts up, so that bindings are handed over in the order in which they were made.
  let sequence: Int
  var binding: TriggerBinding
  /// The connection of the worker that made it; nil when it belongs to nobody and outlives its maker.
  let binder: Int?
  /// The function that it fires.
  var target: FunctionKey { FunctionKey(namespace: binding.namespace, id: binding.functionID) }
  /// The namespace in which its provider is looked for first.
  let home: String
  var provider = Provider.none
}
