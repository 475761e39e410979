import RawJSON

extension MethodDescription {
  static let registerTrigger = MethodDescription(
    .registerTrigger, "register_trigger", "Binds a function to a trigger type, so that it is called when that fires.",
    parameters: [
      Parameter("trigger_type", .nonBlankString, isRequired: true, "The trigger type, as cron."),
      Parameter("function_id", .nonBlankString, isRequired: true, "The function that is called, whoever offers it."),
      Parameter("config", .json, "What the type's provider wants to know; left out, null."),
      Parameter("metadata", .json, "What travels beside the payload of each firing."),
      Parameter("namespace", .nonBlankString, "Where the function is; left out, the daemon's own."),
      Parameter(
        "trigger_namespace", .nonBlankString, "Where the provider is; left out, the daemon's, then the default."),
      Parameter(
        "scope", .enumeration(["connection", "durable"]), standard: .string("connection"),
        "Whether the binding ends with this connection, or stays at the engine."),
      Parameter(
        "wait_ms", .integer(0...Milliseconds.longest), standard: .integer(5000),
        "How long to wait for the engine's word before answering with state pending."),
    ],
    result: "trigger_id, state (active, deferred, pending, unconfirmed) and scope",
    returns: .object(["trigger_id": .string, "state": .bindingState, "scope": .words(["connection", "durable"])]))
}

/// The arguments of `register_trigger`. Ranges are JSON values in the line.
package struct RegisterTriggerParameters: Sendable {
  enum Slot: Int { case triggerType, functionID, config, metadata, namespace, triggerNamespace, scope, wait }

  /// The trigger type.
  package let triggerType: String
  /// The function that is called.
  package let functionID: String
  /// Any JSON value.
  package let config: Range<Int>?
  /// Any JSON value.
  package let metadata: Range<Int>?
  /// Where the function is.
  package let namespace: String?
  /// Where the provider is.
  package let triggerNamespace: String?
  /// Whether the binding stays at the engine.
  package let isDurable: Bool
  /// Milliseconds to wait for the engine's word.
  package let wait: Int

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    let values = ArgumentValues(.registerTrigger, arguments)
    triggerType = values.string(Slot.triggerType, reader, text) ?? ""
    functionID = values.string(Slot.functionID, reader, text) ?? ""
    config = values.range(Slot.config, reader)
    metadata = values.range(Slot.metadata, reader)
    namespace = values.string(Slot.namespace, reader, text)
    triggerNamespace = values.string(Slot.triggerNamespace, reader, text)
    isDurable = values.string(Slot.scope, reader, text) == "durable"
    wait = values.integer(Slot.wait, reader, text)
  }
}
