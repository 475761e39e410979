extension MethodDescription {
  static let reload = MethodDescription(
    .reload, "reload", "Reads the configuration again, as SIGHUP does.",
    result: "changed: the settings that have other values now, each with key, from, to and effect",
    returns: .object([
      "changed": .array(
        .object([
          "key": .string, "from": .optional(.string), "to": .optional(.string),
          "effect": .words(["now", "reconnect", "restart"]),
        ]))
    ]),
    isAdministrative: true)
}
