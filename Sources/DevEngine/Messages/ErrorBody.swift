/// What went wrong with an invocation, as it travels in an `invocationresult`.
package struct ErrorBody: Error, Equatable, Sendable {
  package let code: String
  package let message: String
  package let stacktrace: String?

  package init(code: String, message: String, stacktrace: String? = nil) {
    self.code = code
    self.message = message
    self.stacktrace = stacktrace
  }
}

extension ErrorBody {
  /// The executor's connection ended (engine protocol, section 3.6).
  static let invocationStopped = ErrorBody(code: "invocation_stopped", message: "Invocation stopped")

  /// A namespace was named and left blank (engine protocol, section 3.4).
  static let invalidNamespace = ErrorBody(
    code: "INVALID_NAMESPACE",
    message: "`namespace` is empty: it was named and left blank. Give it a name, or omit it to use `default`.")
}
