/// The calls in flight: a slab whose slot stands in the id that goes out, so that an answer finds its call without
/// hashing.
///
/// Owned by an ``EngineLink``. An id is a UUID v4 (RFC 9562) in text, whose last 24 bits are the slot and whose other 98
/// free bits are random: an engine takes a result for an id from any connection (engine protocol, section 3.1), so ids
/// must not be guessable. An answer is compared in all 128 bits.
struct CallTable {
  /// Who waits for the answer.
  enum Purpose: UInt8 {
    /// The owner of the link.
    case owner
    /// The link: its announce.
    case announce
    /// The link: the barrier behind registrations.
    case barrier
    /// The link: what the engine knows about functions.
    case information
    /// The link: which functions the engine has of this worker.
    case list
  }

  /// One call in flight.
  struct Entry {
    /// The id that was sent.
    var id: UUIDBits
    /// What the one who waits knows it by.
    var context: Int
    /// Who waits.
    var purpose: Purpose
    /// How long its answer is waited for, in milliseconds.
    var limit: Int
    fileprivate var isInUse: Bool
    fileprivate var nextFree: Int32
  }

  private static let slotBits: UInt64 = 24
  private static let slotMask: UInt64 = (1 << slotBits) - 1
  /// The most calls in flight at one time.
  static let capacity = 1 << 24

  private var entries: [Entry] = []
  private var firstFree: Int32 = -1
  /// How many calls are in flight.
  private(set) var count = 0

  /// Takes a slot and makes its id; nil when all are taken. `random` is 128 random bits.
  mutating func insert(
    random: (UInt64, UInt64), purpose: Purpose, context: Int, limit: Int
  ) -> (slot: Int, id: UUIDBits)? {
    let slot: Int
    if firstFree >= 0 {
      slot = Int(firstFree)
      firstFree = entries[slot].nextFree
    } else {
      guard entries.count < Self.capacity else { return nil }
      slot = entries.count
      entries.append(
        Entry(
          id: UUIDBits(high: 0, low: 0), context: 0, purpose: .owner, limit: 0, isInUse: false, nextFree: -1))
    }
    var id = UUIDBits(version4: random)
    id.low = id.low & ~Self.slotMask | UInt64(slot)
    entries[slot] = Entry(
      id: id, context: context, purpose: purpose, limit: limit, isInUse: true, nextFree: -1)
    count &+= 1
    return (slot, id)
  }

  /// The slot of the call that was sent as `id`.
  func slot(of id: UUIDBits) -> Int? {
    let slot = Int(id.low & Self.slotMask)
    guard slot < entries.count, entries[slot].isInUse, entries[slot].id == id else { return nil }
    return slot
  }

  /// Takes the call in `slot` out; nil when the slot is free.
  mutating func remove(_ slot: Int) -> Entry? {
    guard entries.indices.contains(slot), entries[slot].isInUse else { return nil }
    let entry = entries[slot]
    entries[slot].isInUse = false
    entries[slot].nextFree = firstFree
    firstFree = Int32(truncatingIfNeeded: slot)
    count &-= 1
    return entry
  }

  /// All slots, taken or free.
  var slots: Range<Int> { entries.indices }
}
