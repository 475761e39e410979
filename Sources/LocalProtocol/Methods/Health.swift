extension MethodDescription {
  static let health = MethodDescription(
    .health, "health", "Tells in one word whether all is well, and which check is not.",
    result: "ok and checks",
    returns: .object(["ok": .boolean, "checks": .map(.string)]))
}
