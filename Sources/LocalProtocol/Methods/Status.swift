extension MethodDescription {
  static let status = MethodDescription(
    .status, "status", "Tells how the daemon, the engine link and the registrations are. Never waits for the engine.",
    result: "state, engine, functions, in_flight, clients, channels, uptime_ms and version",
    returns: .object([
      "state": .words(["starting", "ready", "degraded", "draining"]),
      "engine": .object([
        "state": .linkState, "since_ms": .integer, "attempt": .integer, "next_retry_ms": .optional(.integer),
        "last_error": .optional(.string), "url": .string, "namespace": .string, "worker_id": .optional(.string),
      ]),
      "functions": .object(["active": .integer, "pending": .integer, "rejected": .integer]),
      "in_flight": .inFlight,
      "outbox": .object([
        "state": .words(["off", "unusable", "ready"]), "entries": .optional(.integer), "failed": .optional(.integer),
        "bytes": .optional(.integer), "delivered": .optional(.integer), "expired": .optional(.integer),
      ]), "clients": .integer, "channels": .integer, "uptime_ms": .integer, "version": .string,
    ]))
}
