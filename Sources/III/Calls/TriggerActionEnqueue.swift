/// A call goes into a queue of the engine, which calls the function later and answers at once with a receipt.
public struct TriggerActionEnqueue: Sendable, Hashable {
  /// The queue's name.
  public var queue: String

  /// Into the queue of this name.
  public init(queue: String) { self.queue = queue }

  /// Into the queue of this name: for `action: .enqueue(queue: "jobs")`.
  public static func enqueue(queue: String) -> TriggerActionEnqueue { TriggerActionEnqueue(queue: queue) }
}
