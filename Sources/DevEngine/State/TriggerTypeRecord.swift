/// A trigger type and who provides it.
struct TriggerTypeRecord {
  var definition: TriggerTypeDefinition
  /// The connection of the worker that provides it.
  var provider: Int
}
