import RawJSON

extension MethodDescription {
  static let registerTriggerType = MethodDescription(
    .registerTriggerType, "register_trigger_type",
    "Provides a trigger type: its bindings come as bind_trigger and unbind_trigger requests on this connection.",
    parameters: [
      Parameter("trigger_type", .nonBlankString, isRequired: true, "The type's name, as disk-full."),
      Parameter("description", .string, isRequired: true, "What it is; shown by the engine."),
      Parameter("trigger_request_format", .json, "The schema of a binding's config, as the engine takes it."),
      Parameter("call_request_format", .json, "The schema of what bound functions get, as the engine takes it."),
    ],
    result: "trigger_type, state (active, pending, rejected, unconfirmed), reason if rejected",
    returns: .object(["trigger_type": .string, "state": .registrationState, "reason": .optional(.string)]))
}

/// The arguments of `register_trigger_type`. Ranges are JSON values in the line.
package struct RegisterTriggerTypeParameters: Sendable {
  enum Slot: Int { case triggerType, description, triggerRequestFormat, callRequestFormat }

  /// The type's name.
  package let triggerType: String
  /// What it is.
  package let description: String
  /// Any JSON value.
  package let triggerRequestFormat: Range<Int>?
  /// Any JSON value.
  package let callRequestFormat: Range<Int>?

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    let values = ArgumentValues(.registerTriggerType, arguments)
    triggerType = values.string(Slot.triggerType, reader, text) ?? ""
    description = values.string(Slot.description, reader, text) ?? ""
    triggerRequestFormat = values.range(Slot.triggerRequestFormat, reader)
    callRequestFormat = values.range(Slot.callRequestFormat, reader)
  }
}
