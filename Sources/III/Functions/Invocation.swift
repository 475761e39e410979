/// One call of a function of this worker, as its handler gets it.
public struct Invocation: Sendable {
  /// The function that was called.
  public let functionID: String
  /// The engine's id of the call.
  public var id: String { invocation.text }
  /// The argument. When it is an object, an engine adds the member `_caller_worker_id`.
  public let payload: JSON
  /// What the caller put beside the argument.
  public let metadata: JSON?
  /// The caller's W3C trace context.
  public let traceparent: String?
  /// The caller's W3C baggage.
  public let baggage: String?
  /// The worker that has the function.
  public let worker: Worker

  let invocation: IncomingInvocation

  /// The worker that made the call: what the engine put into the argument. Nil when that is no object, or an engine made
  /// the call itself.
  public var callerWorkerID: String? { payload[DecodingText.callerName]?.string }

  /// The argument as a `type`. The member that an engine adds is in the way of no dictionary.
  ///
  /// - Throws: `DecodingError`, with the path to what does not fit.
  public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    try payload.decode(type, worker: worker, isArgument: true)
  }
}
