import RawJSON

extension MethodDescription {
  static let shutdown = MethodDescription(
    .shutdown, "shutdown", "Ends the daemon, as SIGTERM does.",
    parameters: [
      Parameter(
        "mode", .enumeration(["drain", "now"]), standard: .string("drain"),
        "Whether what is in flight may run on, or is given up at once."),
      Parameter(
        "deadline_ms", .integer(0...3_600_000),
        "How long it may run on; left out, as long as the daemon's drain timeout."),
    ],
    result: "accepted, and in_flight: the calls and invocations that were in flight",
    returns: .object(["accepted": .boolean, "in_flight": .inFlight]),
    isAdministrative: true)
}

/// The arguments of `shutdown`.
package struct ShutdownParameters: Sendable {
  enum Slot: Int { case mode, deadline }

  /// Whether what is in flight is given up at once.
  package let isImmediate: Bool
  /// Milliseconds that it may run on; nil: what the configuration says.
  package let deadline: Int?

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    let values = ArgumentValues(.shutdown, arguments)
    isImmediate = values.string(Slot.mode, reader, text) == "now"
    deadline = values.optionalInteger(Slot.deadline, reader, text)
  }
}
