/// What one accepted call says: the JSON values of its line, byte for byte. Strings stand with their quotes.
package struct OutboxMessage: Equatable, Sendable {
  /// The function's id, a JSON string.
  package var functionID: [UInt8]
  /// The queue's name, a JSON string; nil for a void call.
  package var queue: [UInt8]?
  /// The argument, any JSON value; nil means null.
  package var payload: [UInt8]?
  /// What travels beside it, any JSON value.
  package var metadata: [UInt8]?
  /// Where the function is, a JSON string.
  package var namespace: [UInt8]?
  /// The W3C trace context, a JSON string.
  package var traceparent: [UInt8]?
  /// The W3C baggage, a JSON string.
  package var baggage: [UInt8]?

  /// A call of a function, with nothing else.
  package init(functionID: [UInt8]) { self.functionID = functionID }

  /// How many bytes the values have.
  package var size: Int {
    [queue, payload, metadata, namespace, traceparent, baggage].reduce(functionID.count) { $0 + ($1?.count ?? 0) }
  }
}
