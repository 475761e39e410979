/// A call as a worker makes it.
package struct IncomingInvocation: Equatable, Sendable {
  /// Where the answer goes.
  package enum Action: Equatable, Sendable {
    case synchronous
    case void
    case enqueue(queue: String)
  }

  package var id: InvocationID?
  package var functionID: String
  package var data: JSONValue
  package var action = Action.synchronous
  package var trace = TraceContext()
  package var metadata: JSONValue?
  package var namespace: String?
}
