/// How a call is carried out (engine protocol, section 2.10).
package enum CallAction: Sendable {
  /// The engine answers with the function's result.
  case synchronous
  /// The engine puts the call into a queue and answers with a receipt.
  case enqueue
  /// Nobody answers.
  case void
}
