/// How a call is carried out, other than by waiting for the function's result.
public enum TriggerAction {
  /// The engine puts the call into the queue of this name, and answers with a receipt.
  public static func enqueue(queue: String) -> TriggerActionEnqueue { TriggerActionEnqueue(queue: queue) }

  /// Nobody answers, not even when the function does not exist.
  public static func void() -> TriggerActionVoid { TriggerActionVoid() }
}
