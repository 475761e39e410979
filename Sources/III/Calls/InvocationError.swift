/// Why a call has no result: the engine's or the called function's error, or one of our own.
///
/// Thrown by a function's handler, it is what the caller gets. Match on ``code``; messages change between engines.
public struct InvocationError: Error, Sendable, Hashable {
  /// The engine's code (as `function_not_found`, `FORBIDDEN`, `invocation_stopped`), the called function's own, or one of
  /// ours: ``timeout``, ``notConnected``, ``shutdown``, ``payloadTooLarge``, ``invalidArgument``.
  public var code: String
  /// A sentence for people.
  public var message: String
  /// The function that was called.
  public var functionID: String?
  /// The trace that the function's language made; may hold what a caller should not see.
  public var stacktrace: String?
  /// The call's id on the wire.
  public var invocationID: String?

  /// An error with a code of your own.
  public init(
    code: String, message: String, functionID: String? = nil, stacktrace: String? = nil, invocationID: String? = nil
  ) {
    self.code = code
    self.message = message
    self.functionID = functionID
    self.stacktrace = stacktrace
    self.invocationID = invocationID
  }

  /// No answer in time. A late one is dropped.
  public static let timeout = "TIMEOUT"
  /// There is no connection, or it was lost while the call was under way: then nobody knows whether it was carried out.
  public static let notConnected = "NOT_CONNECTED"
  /// The worker was shut down.
  public static let shutdown = "SHUTDOWN"
  /// More bytes than an engine takes.
  public static let payloadTooLarge = "payload_too_large"
  /// An argument that cannot be sent.
  public static let invalidArgument = "INVALID_ARGUMENT"
  /// A blocking call on an event loop's thread, which would wait for itself.
  public static let wouldBlock = "WOULD_BLOCK"
  /// Access rules forbid the call.
  public static let forbidden = "FORBIDDEN"
  /// The engine knows no function of this id in the namespace.
  public static let functionNotFound = "function_not_found"
  /// The worker that was carrying the call out has gone.
  public static let invocationStopped = "invocation_stopped"
  /// The queue did not take the call.
  public static let enqueueFailed = "enqueue_error"
  /// An answer that cannot be used.
  public static let unknown = "UNKNOWN"
  /// What a handler's other errors become.
  public static let invocationFailed = "invocation_failed"
}

extension InvocationError: CustomStringConvertible {
  /// Code and message, never the stack trace.
  public var description: String { "\(code): \(message)" }
}
