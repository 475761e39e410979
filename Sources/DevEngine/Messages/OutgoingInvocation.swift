/// An invocation on its way to the executor.
package struct OutgoingInvocation: Equatable, Sendable {
  package var id: InvocationID
  package var functionID: String
  package var data: JSONValue
  package var trace = TraceContext()
  package var metadata: JSONValue?
}
