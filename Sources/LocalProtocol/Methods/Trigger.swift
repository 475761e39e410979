import RawJSON

extension MethodDescription {
  static let trigger = MethodDescription(
    .trigger, "trigger", "Calls a function anywhere behind the engine.",
    parameters: [
      Parameter("function_id", .nonBlankString, isRequired: true, "The function to call."),
      Parameter("payload", .json, "What the function gets; left out, null."),
      Parameter(
        "action", .action,
        "Left out: wait for the function's value. void: do not wait. enqueue: put the call into a queue."),
      Parameter(
        "timeout_ms", .integer(1...Milliseconds.longest), standard: .integer(30_000), "How long to wait for the value."),
      Parameter("metadata", .json, "What travels beside the payload."),
      Parameter("namespace", .nonBlankString, "Where to look for the function; left out, the daemon's own."),
      Parameter("traceparent", .string, "W3C trace context."),
      Parameter("baggage", .string, "W3C baggage."),
      Parameter(
        "wait_connected_ms", .integer(0...Milliseconds.longest), standard: .integer(0),
        "How long to wait for the engine when it is away, before failing as NOT_CONNECTED."),
      Parameter(
        "durability", .enumeration(["none", "disk"]), standard: .string("none"),
        "disk: the call, void or for a queue, is kept on disk until the engine has it."),
      Parameter(
        "ttl_ms", .integer(1...Milliseconds.longest),
        "With durability disk: after how long the call is given up; left out, never."),
    ],
    result:
      "the function's value as it is; for void accepted and buffered; for enqueue messageReceiptId, or, kept on disk, outbox_id and buffered",
    returns: .anything,
    mayBeNotification: true)
}

/// The arguments of `trigger`. Ranges are JSON values in the line; nothing is decoded.
package struct TriggerParameters: Sendable {
  enum Slot: Int {
    case functionID, payload, action, timeout, metadata, namespace, traceparent, baggage, waitConnected, durability
    case timeToLive
  }

  /// What is wanted of the call.
  package enum Action: Equatable, Sendable {
    /// The function's value.
    case synchronous
    /// Nothing but that it is made.
    case void
    /// That a queue takes it; `queue` is a JSON string token with its quotes.
    case enqueue(queue: Range<Int>)
  }

  /// A JSON string with its quotes.
  package let functionID: Range<Int>
  /// Any JSON value; nil means null.
  package let payload: Range<Int>?
  /// What is wanted.
  package let action: Action
  /// Milliseconds to wait for the value.
  package let timeout: Int
  /// Any JSON value.
  package let metadata: Range<Int>?
  /// A JSON string.
  package let namespace: Range<Int>?
  /// A JSON string.
  package let traceparent: Range<Int>?
  /// A JSON string.
  package let baggage: Range<Int>?
  /// Milliseconds to wait for the engine when it is away.
  package let waitConnected: Int
  /// Whether the call is kept on disk until the engine has it.
  package let isDurable: Bool
  /// Milliseconds after which a durable call is given up; nil for never.
  package let timeToLive: Int?

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    let values = ArgumentValues(.trigger, arguments)
    functionID = values.range(Slot.functionID, reader) ?? 0..<0
    payload = values.range(Slot.payload, reader)
    timeout = values.integer(Slot.timeout, reader, text)
    metadata = values.range(Slot.metadata, reader)
    namespace = values.range(Slot.namespace, reader)
    traceparent = values.range(Slot.traceparent, reader)
    baggage = values.range(Slot.baggage, reader)
    waitConnected = values.integer(Slot.waitConnected, reader, text)
    isDurable = values.string(Slot.durability, reader, text) == "disk"
    timeToLive = values.optionalInteger(Slot.timeToLive, reader, text)
    guard let object = values.range(Slot.action, reader) else {
      action = .synchronous
      return
    }
    if let queue = reader.nested.find(Key.queue)?.value {
      let base = object.lowerBound
      action = .enqueue(queue: (base &+ queue.lowerBound)..<(base &+ queue.upperBound))
    } else {
      action = .void
    }
  }

  /// The function's name, decoded.
  package func functionName(in text: Span<UInt8>) -> String {
    String(jsonToken: text.extracting(functionID)) ?? ""
  }
}
