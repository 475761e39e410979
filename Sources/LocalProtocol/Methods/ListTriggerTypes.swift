extension MethodDescription {
  static let listTriggerTypes = MethodDescription(
    .listTriggerTypes, "list_trigger_types", "Lists the trigger types that functions can be bound to.",
    parameters: [
      Parameter("local", .boolean, standard: .boolean(false), "Only the types of this daemon's connections."),
      Parameter("search", .string, "Only types whose name contains this."),
      Parameter("prefix", .string, "Only types whose name begins with this."),
      Parameter("worker", .string, "Only types of the worker with this name."),
      Parameter("include_internal", .boolean, "Also types that belong to the engine itself."),
    ],
    result: "triggers: the engine's rows; with local: id, namespace, state, bindings and connection_id",
    returns: .either([
      .object([
        "triggers": .array(
          .object([
            "id": .string, "namespace": .string, "state": .registrationState, "reason": .optional(.string),
            "bindings": .integer, "connection_id": .integer,
          ]))
      ]),
      .engineRow(["triggers": .array(.engineRow(["id": .string, "worker_name": .string]))]),
    ]))
}
