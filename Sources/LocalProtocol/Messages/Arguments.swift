package import RawJSON

/// Where the arguments of one request stand: for each parameter of its method the index of the envelope's member.
/// Checked against the table when it is made; no memory of its own.
package struct Arguments: Sendable {
  /// How many parameters a method can have.
  static let capacity = 16

  /// A bit for each slot that has an argument.
  private(set) var present: UInt16 = 0

  private var indices = InlineArray<16, Int32>(repeating: 0)

  init() {}

  /// The index of the member at a slot; nil when it was left out.
  @inline(__always)
  subscript(slot: Int) -> Int? {
    get { present >> UInt16(truncatingIfNeeded: slot) & 1 == 0 ? nil : Int(indices[slot]) }
    set {
      let bit: UInt16 = 1 << UInt16(truncatingIfNeeded: slot)
      guard let newValue else {
        present &= ~bit
        return
      }
      present |= bit
      indices[slot] = Int32(truncatingIfNeeded: newValue)
    }
  }

  /// The member at `slot`; nil when it was left out.
  package func member<Slot: RawRepresentable<Int>>(_ slot: Slot, in envelope: JSONEnvelope) -> JSONMember? {
    self[slot.rawValue].map { envelope.members[$0] }
  }
}
