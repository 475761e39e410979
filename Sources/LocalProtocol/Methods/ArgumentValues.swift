import RawJSON

/// Reads the checked arguments of one method by slot, with the table's defaults. Made for one request.
struct ArgumentValues {
  private let row: MethodDescription
  private let arguments: Arguments

  init(_ row: MethodDescription, _ arguments: Arguments) {
    self.row = row
    self.arguments = arguments
  }

  @inline(__always)
  private func member<Slot: RawRepresentable<Int>>(_ slot: Slot, _ reader: borrowing MessageReader) -> JSONMember? {
    guard let index = arguments[slot.rawValue] else { return nil }
    return reader.envelope.members[index]
  }

  @inline(__always)
  func range<Slot: RawRepresentable<Int>>(_ slot: Slot, _ reader: borrowing MessageReader) -> Range<Int>? {
    member(slot, reader)?.value
  }

  func string<Slot: RawRepresentable<Int>>(
    _ slot: Slot, _ reader: borrowing MessageReader, _ text: Span<UInt8>
  ) -> String? {
    member(slot, reader)?.string(in: text)
  }

  @inline(__always)
  func optionalInteger<Slot: RawRepresentable<Int>>(
    _ slot: Slot, _ reader: borrowing MessageReader, _ text: Span<UInt8>
  ) -> Int? {
    member(slot, reader)?.integer(in: text)
  }

  func integer<Slot: RawRepresentable<Int>>(
    _ slot: Slot, _ reader: borrowing MessageReader, _ text: Span<UInt8>
  ) -> Int {
    optionalInteger(slot, reader, text) ?? row.parameters[slot.rawValue].standardInteger
  }

  func boolean<Slot: RawRepresentable<Int>>(
    _ slot: Slot, _ reader: borrowing MessageReader, _ text: Span<UInt8>
  ) -> Bool {
    member(slot, reader)?.boolean(in: text) ?? row.parameters[slot.rawValue].standardBoolean
  }
}
