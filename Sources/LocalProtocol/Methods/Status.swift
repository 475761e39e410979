extension MethodDescription {
  static let status = MethodDescription(
    .status, "status", "Tells how the daemon, the engine link and the registrations are. Never waits for the engine.",
    result: "state, engine, functions, in_flight, clients, uptime_ms and version")
}
