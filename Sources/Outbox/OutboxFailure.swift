/// Why an entry is not tried any more: the engine's or the link's word.
package struct OutboxFailure: Equatable, Sendable {
  /// The error's code, as `enqueue_error`.
  package let code: String
  /// The error's text.
  package let message: String

  /// An error's code and text.
  package init(code: String, message: String) {
    self.code = code
    self.message = message
  }
}
