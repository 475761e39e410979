/// A connection of a local program: its slot, and a number that tells it from an earlier one in the same slot.
struct ClientID: Hashable {
  var slot: Int
  var generation: Int
}

extension ClientID {
  /// No connection.
  static let none = ClientID(slot: 0, generation: 0)
}
