extension MethodDescription {
  static let reload = MethodDescription(
    .reload, "reload", "Reads the configuration again, as SIGHUP does.",
    result: "changed: the names of the settings that are others now",
    isAdministrative: true)
}
