/// How a call is carried out.
public enum TriggerAction: Sendable, Hashable {
  /// The engine answers with the function's result.
  case synchronous
  /// The engine puts the call into the queue of this name, and answers with a receipt: `{"messageReceiptId":"…"}`.
  case enqueue(queue: String)
  /// Nobody answers, not even when the function does not exist.
  case void
}
