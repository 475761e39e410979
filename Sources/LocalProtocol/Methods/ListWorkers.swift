extension MethodDescription {
  static let listWorkers = MethodDescription(
    .listWorkers, "list_workers", "Lists the workers that the engine knows, or with local this daemon's connections.",
    parameters: [
      Parameter("local", .boolean, standard: .boolean(false), "Only the connections of this daemon."),
      Parameter("search", .string, "Only workers whose name contains this."),
      Parameter("runtime", .string, "Only workers of this runtime."),
      Parameter("status", .string, "Only workers with this status."),
    ],
    result:
      "workers: the engine's rows; with local: connection_id, name, uid, gid, groups, pid, functions and in_flight",
    returns: .either([
      .object([
        "workers": .array(
          .object([
            "connection_id": .integer, "name": .optional(.string), "uid": .integer, "gid": .integer,
            "groups": .array(.integer), "pid": .integer, "functions": .array(.string), "in_flight": .integer,
            "requests": .integer,
          ]))
      ]),
      .engineRow(["workers": .array(.engineRow(["id": .string, "status": .string]))]),
    ]))
}
