import RawJSON

extension MethodDescription {
  static let registerFunction = MethodDescription(
    .registerFunction, "register_function",
    "Offers a function; its calls come as invoke requests on this connection, which it lives as long as.",
    parameters: [
      Parameter("function_id", .nonBlankString, isRequired: true, "The function's name, as in billing::charge."),
      Parameter("description", .string, "What the function does; shown by the engine."),
      Parameter("request_format", .json, "The schema of the payload, as the engine takes it."),
      Parameter("response_format", .json, "The schema of the result, as the engine takes it."),
      Parameter("metadata", .json, "What else the engine shall show with the function."),
      Parameter(
        "max_in_flight", .integer(1...1024), standard: .integer(1),
        "How many calls this connection takes before it has answered."),
      Parameter(
        "queue_limit", .integer(0...65536), standard: .integer(64),
        "How many calls wait while all workers of the function are busy; beyond, they fail as OVERLOADED."),
      Parameter(
        "timeout_ms", .integer(1...Milliseconds.longest),
        "How long the worker may take for one call; left out, as long as the caller waits."),
      Parameter(
        "linger_ms", .integer(0...Milliseconds.longest), standard: .integer(2000),
        "How long the function stays registered, and its calls wait, after its last worker has gone."),
      Parameter(
        "wait_ms", .integer(0...Milliseconds.longest), standard: .integer(5000),
        "How long to wait for the engine's confirmation before answering with state pending."),
      Parameter(
        "invocation", .members(HTTPInvocation.parameters),
        "Lets the engine call a URL instead of this connection, where the daemon's policy allows it."),
    ],
    result: "function_id, namespace, state (active, pending, rejected, unconfirmed), instances, reason if rejected",
    returns: .object([
      "function_id": .string, "namespace": .string, "state": .registrationState, "instances": .integer,
      "reason": .optional(.string),
    ]))
}

/// The arguments of `register_function`. Ranges are JSON values in the line.
package struct RegisterFunctionParameters: Sendable {
  enum Slot: Int {
    case functionID, description, requestFormat, responseFormat, metadata, maxInFlight, queueLimit, timeout, linger
    case wait, invocation
  }

  /// The function's name.
  package let functionID: String
  /// The JSON string token of the name, with its quotes.
  package let functionIDToken: Range<Int>
  /// A JSON string.
  package let description: Range<Int>?
  /// Any JSON value.
  package let requestFormat: Range<Int>?
  /// Any JSON value.
  package let responseFormat: Range<Int>?
  /// Any JSON value.
  package let metadata: Range<Int>?
  /// How many calls the connection takes before it has answered.
  package let maxInFlight: Int
  /// How many calls wait while all workers are busy.
  package let queueLimit: Int
  /// Milliseconds the worker may take for one call; nil: no limit of its own.
  package let timeout: Int?
  /// Milliseconds the registration outlives its last worker.
  package let linger: Int
  /// Milliseconds to wait for the engine's confirmation.
  package let wait: Int
  /// The request that the engine makes instead of calling this connection.
  package let invocation: HTTPInvocation?
  /// A parameter that was given and is only for functions of this connection; nil when there is none.
  package let ownOnly: String?

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    let values = ArgumentValues(.registerFunction, arguments)
    functionID = values.string(Slot.functionID, reader, text) ?? ""
    functionIDToken = values.range(Slot.functionID, reader) ?? 0..<0
    description = values.range(Slot.description, reader)
    requestFormat = values.range(Slot.requestFormat, reader)
    responseFormat = values.range(Slot.responseFormat, reader)
    metadata = values.range(Slot.metadata, reader)
    maxInFlight = values.integer(Slot.maxInFlight, reader, text)
    queueLimit = values.integer(Slot.queueLimit, reader, text)
    timeout = values.optionalInteger(Slot.timeout, reader, text)
    linger = values.integer(Slot.linger, reader, text)
    wait = values.integer(Slot.wait, reader, text)
    invocation = values.range(Slot.invocation, reader).map { HTTPInvocation(text.extracting($0)) }
    ownOnly = [Slot.maxInFlight, .queueLimit, .timeout].first { values.range($0, reader) != nil }
      .map { MethodDescription.registerFunction.parameters[$0.rawValue].name }
  }
}
