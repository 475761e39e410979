import RawJSON

extension MethodDescription {
  static let unregisterFunction = MethodDescription(
    .unregisterFunction, "unregister_function", "Takes back a function that this connection offers.",
    parameters: [
      Parameter("function_id", .nonBlankString, isRequired: true, "The function's name."),
      Parameter(
        "drain", .boolean, standard: .boolean(true),
        "Whether calls that this connection has begun may finish; if false they fail at once."),
    ],
    result: "removed, and instances: how many other connections still offer it",
    returns: .object(["removed": .boolean, "instances": .integer]))
}

/// The arguments of `unregister_function`.
package struct UnregisterFunctionParameters: Sendable {
  enum Slot: Int { case functionID, drain }

  /// The function's name.
  package let functionID: String
  /// Whether calls in flight may finish.
  package let drain: Bool

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    let values = ArgumentValues(.unregisterFunction, arguments)
    functionID = values.string(Slot.functionID, reader, text) ?? ""
    drain = values.boolean(Slot.drain, reader, text)
  }
}
