extension MethodDescription {
  static let listFunctions = MethodDescription(
    .listFunctions, "list_functions", "Lists the functions that the engine knows, or with local those of this daemon.",
    parameters: [
      Parameter("local", .boolean, standard: .boolean(false), "Only the functions of this daemon's local programs."),
      Parameter("search", .string, "Only functions whose id contains this."),
      Parameter("prefix", .string, "Only functions whose id begins with this."),
      Parameter("worker", .string, "Only functions of the worker with this name."),
      Parameter("workers", .strings, "Only functions of the workers with these names."),
      Parameter("include_internal", .boolean, "Also functions that belong to the engine itself."),
    ],
    result: "functions: the engine's rows; with local: function_id, namespace, state, instances, in_flight and queued",
    returns: .either([
      .object(["functions": .array(.localFunction)]),
      .engineRow([
        "functions": .array(
          .engineRow(["function_id": .string, "worker_name": .string, "namespace": .optional(.string)]))
      ]),
    ]))
}
