package import RawJSON

/// Where the arguments of one request stand: for each parameter of its method the index of the envelope's member.
/// Checked against the table when it is made; no memory of its own.
package struct Arguments: Sendable {
  /// How many parameters a method can have.
  static let capacity = 16

  private var indices = InlineArray<16, Int16>(repeating: -1)

  init() {}

  /// The index of the member at a slot; nil when it was left out.
  subscript(slot: Int) -> Int? {
    get { indices[slot] < 0 ? nil : Int(indices[slot]) }
    set { indices[slot] = newValue.flatMap { Int16(exactly: $0) } ?? -1 }
  }

  /// The member at `slot`; nil when it was left out.
  package func member<Slot: RawRepresentable<Int>>(_ slot: Slot, in envelope: JSONEnvelope) -> JSONMember? {
    self[slot.rawValue].map { envelope.members[$0] }
  }
}
