/// Why a worker is not connected.
public struct ConnectionError: Error, Sendable, Hashable, CustomStringConvertible {
  /// ``InvocationError/timeout``, ``InvocationError/shutdown``, ``InvocationError/invalidArgument``, or the engine's code
  /// when it refused the worker for good, as `WORKER_NAMESPACE_CONFLICT`.
  public var code: String
  /// A sentence for people.
  public var message: String

  /// Code and message.
  public var description: String { "\(code): \(message)" }
}
