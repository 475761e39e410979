package import Bytes
package import RawJSON

/// The arguments of a method that asks the engine what there is: `local`, and what goes to the engine as it came.
package struct DiscoveryParameters: Sendable {
  /// The slot of `local`, in each of these methods.
  private static let localSlot = 0

  /// Whether the daemon's own rows are wanted.
  package let local: Bool
  private let row: MethodDescription
  private let arguments: Arguments

  /// Reads what ``MessageReader`` has checked.
  package init(_ method: Method, _ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    row = method.description
    self.arguments = arguments
    local = arguments[Self.localSlot].flatMap { reader.envelope.members[$0].boolean(in: text) } ?? false
  }

  /// The value of the argument with this name, a JSON token in the line; nil when it was left out.
  package func argument(_ name: JSONKey, _ reader: borrowing MessageReader) -> Range<Int>? {
    for slot in row.parameters.indices where row.parameters[slot].key == name {
      return arguments[slot].map { reader.envelope.members[$0].value }
    }
    return nil
  }

  /// Appends all arguments but `local`, as the object that the engine's discovery functions take; `{}` when there are
  /// none.
  package func write(_ reader: borrowing MessageReader, _ text: Span<UInt8>, to output: inout ByteBuffer) {
    output.append(UInt8(ascii: "{"))
    var isFirst = true
    for slot in row.parameters.indices where slot != Self.localSlot {
      guard let index = arguments[slot] else { continue }
      if !isFirst { output.append(UInt8(ascii: ",")) }
      isFirst = false
      output.append(jsonString: row.parameters[slot].name)
      output.append(UInt8(ascii: ":"))
      output.append(reader.envelope.members[index].raw(in: text))
    }
    output.append(UInt8(ascii: "}"))
  }
}
