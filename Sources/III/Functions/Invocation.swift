/// One call of a function of this worker, as its handler gets it.
public struct Invocation: Sendable {
  /// The function that was called.
  public let functionID: String
  /// The engine's id of the call.
  public let id: String
  /// The argument. When it is an object, an engine adds the member `_caller_worker_id`.
  public let payload: JSON
  /// What the caller put beside the argument.
  public let metadata: JSON?
  /// The caller's W3C trace context.
  public let traceparent: String?
  /// The caller's W3C baggage.
  public let baggage: String?
}
