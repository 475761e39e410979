import RawJSON

extension MethodDescription {
  static let log = MethodDescription(
    .log, "log", "Writes a line into the engine's log.",
    parameters: [
      Parameter("level", .enumeration(["debug", "info", "warn", "error"]), isRequired: true, "How grave it is."),
      Parameter("message", .string, isRequired: true, "The line."),
      Parameter("data", .json, "What belongs to it; carried as it is."),
      Parameter("function_id", .nonBlankString, "The function that it is about; shown as the line's service."),
      Parameter("invocation_id", .nonBlankString, "The invocation that it is about, as invoke gave it."),
      Parameter("traceparent", .string, "W3C trace context of what it is about, as invoke gave it."),
    ],
    result: "delivered: engine, or buffered while the engine is away",
    returns: .object(["delivered": .words(["engine", "buffered"])]), mayBeNotification: true)
}

/// The arguments of `log`. Ranges are JSON values in the line.
package struct LogParameters: Sendable {
  enum Slot: Int { case level, message, data, functionID, invocationID, traceparent }

  /// `debug`, `info`, `warn` or `error`: the last part of the engine's function.
  package let level: String
  /// A JSON string.
  package let message: Range<Int>
  /// Any JSON value.
  package let data: Range<Int>?
  /// A JSON string.
  package let functionID: Range<Int>?
  /// A JSON string.
  package let invocationID: Range<Int>?
  /// The W3C trace context, decoded.
  package let traceparent: String?

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    let values = ArgumentValues(.log, arguments)
    level = values.string(Slot.level, reader, text) ?? ""
    message = values.range(Slot.message, reader) ?? 0..<0
    data = values.range(Slot.data, reader)
    functionID = values.range(Slot.functionID, reader)
    invocationID = values.range(Slot.invocationID, reader)
    traceparent = values.string(Slot.traceparent, reader, text)
  }
}
