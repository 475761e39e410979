/// The calls over HTTP that have no outcome yet. Owned by ``EngineState``.
struct HTTPFunctionTable {
  /// How many there may be, under way or waiting for a thread.
  static let maximumCalls = 256

  /// By the numbers that the server knows them by.
  private(set) var calls: [Int: PendingInvocation] = [:]
  private var next = 1

  /// Keeps a call; nil when there are too many.
  mutating func insert(_ call: PendingInvocation) -> Int? {
    guard calls.count < Self.maximumCalls else { return nil }
    defer { next += 1 }
    calls[next] = call
    return next
  }

  /// Takes a call out, once.
  mutating func remove(_ number: Int) -> PendingInvocation? { calls.removeValue(forKey: number) }
}
