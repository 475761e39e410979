/// Why one of the engine's own trigger types refuses a binding: what is wrong with its configuration, for its binder.
struct TriggerConfigError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

extension TriggerBinding {
  /// The function that is asked first whether to call the binding's own; `false` of it means no.
  var conditionFunctionID: String? { config.object?["condition_function_id"]?.string }
}
