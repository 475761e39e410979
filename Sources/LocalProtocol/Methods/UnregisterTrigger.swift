import RawJSON

extension MethodDescription {
  static let unregisterTrigger = MethodDescription(
    .unregisterTrigger, "unregister_trigger", "Takes a binding back: one of this connection's, or a durable one.",
    parameters: [
      Parameter("trigger_id", .nonBlankString, isRequired: true, "The binding, as register_trigger named it.")
    ],
    result: "removed: whether there was such a binding",
    returns: .removed)
}

/// The arguments of `unregister_trigger`.
package struct UnregisterTriggerParameters: Sendable {
  enum Slot: Int { case triggerID }

  /// The binding.
  package let triggerID: String

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    triggerID = ArgumentValues(.unregisterTrigger, arguments).string(Slot.triggerID, reader, text) ?? ""
  }
}
