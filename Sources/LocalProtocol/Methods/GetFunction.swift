extension MethodDescription {
  static let getFunction = MethodDescription(
    .getFunction, "get_function", "Describes one function as the engine knows it, or with local as this daemon does.",
    parameters: [
      Parameter("local", .boolean, standard: .boolean(false), "Only a function of this daemon's local programs."),
      Parameter("function_id", .nonBlankString, isRequired: true, "The function's name."),
      Parameter("namespace", .nonBlankString, "Where to look for it; left out, the daemon's own."),
    ],
    result: "the engine's row, with formats and triggers; with local the row of list_functions",
    returns: .either([
      .localFunction,
      .engineRow([
        "function_id": .string, "worker_name": .string, "namespace": .optional(.string),
        "registered_triggers": .optional(.array(.engineRow(["id": .string]))),
      ]),
    ]))
}
