/// A connection of a local program: its slot, and a number that tells it from an earlier one in the same slot.
struct ClientID: Hashable {
  var slot: Int
  var generation: Int
}
