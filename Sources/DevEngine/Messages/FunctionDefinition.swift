/// What a worker says about a function that it registers.
package struct FunctionDefinition: Equatable, Sendable {
  package var id: String
  package var description: String?
  package var requestFormat: JSONValue?
  package var responseFormat: JSONValue?
  package var metadata: JSONValue?
  /// How to call it over HTTP; nil when the worker itself executes it.
  package var invocation: HTTPInvocation?
}
