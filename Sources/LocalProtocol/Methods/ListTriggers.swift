extension MethodDescription {
  static let listTriggers = MethodDescription(
    .listTriggers, "list_triggers", "Lists the bindings of functions to trigger types that the engine knows.",
    parameters: [
      Parameter("local", .boolean, standard: .boolean(false), "Only the bindings of this daemon's connections."),
      Parameter("search", .string, "Only bindings whose id, type or function contains this."),
      Parameter("trigger_type", .string, "Only bindings to this trigger type."),
      Parameter("function_id", .string, "Only bindings of this function."),
      Parameter("worker", .string, "Only bindings to types of the worker with this name."),
      Parameter("include_internal", .boolean, "Also bindings that belong to the engine itself."),
    ],
    result:
      "registered_triggers: the engine's rows; with local: id, trigger_type, function_id, state and connection_id",
    returns: .either([
      .object([
        "registered_triggers": .array(
          .object([
            "id": .string, "trigger_type": .string, "function_id": .string, "state": .bindingState,
            "connection_id": .integer,
          ]))
      ]),
      .engineRow([
        "registered_triggers": .array(
          .engineRow(["id": .string, "trigger_type": .string, "function_id": .string, "worker_name": .string]))
      ]),
    ])
  )
}
