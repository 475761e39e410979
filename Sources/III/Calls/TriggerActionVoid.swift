/// A call that nobody answers, not even when the function does not exist.
public struct TriggerActionVoid: Sendable, Hashable {
  /// Without a member: the wish is all.
  public init() {}

  /// For `action: .void`.
  public static let void = TriggerActionVoid()
}
