/// The outcome of an invocation on its way to the caller. A null result is no result: both are left out.
package struct InvocationOutcome: Equatable, Sendable {
  package var id: InvocationID
  package var functionID: String
  package var result: JSONValue?
  package var error: ErrorBody?
  package var trace = TraceContext()
}
