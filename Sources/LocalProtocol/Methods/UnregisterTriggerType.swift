import RawJSON

extension MethodDescription {
  static let unregisterTriggerType = MethodDescription(
    .unregisterTriggerType, "unregister_trigger_type", "Takes back a trigger type that this connection provides.",
    parameters: [Parameter("trigger_type", .nonBlankString, isRequired: true, "The type's name.")],
    result: "removed: whether this connection provided it",
    returns: .removed)
}

/// The arguments of `unregister_trigger_type`.
package struct UnregisterTriggerTypeParameters: Sendable {
  enum Slot: Int { case triggerType }

  /// The type's name.
  package let triggerType: String

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    triggerType = ArgumentValues(.unregisterTriggerType, arguments).string(Slot.triggerType, reader, text) ?? ""
  }
}
