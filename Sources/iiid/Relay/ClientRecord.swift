/// What the relay knows of one connection: who it is, what it waits for and what it serves.
struct ClientRecord {
  let id: ClientID
  let uid: UInt32
  let gid: UInt32
  let pid: Int32
  /// The supplementary groups.
  let groups: [UInt32]
  /// What `hello` said.
  var name: String?
  /// Slots of its requests whose response is not due yet.
  var calls: [Int] = []
  /// Slots of the invocations whose line it has and has not answered.
  var invocations: [Int] = []
  /// Slots of the functions that it serves.
  var functions: [Int] = []
  /// Ids of the bindings that it has made.
  var triggers: [String] = []
  /// How many subscriptions it has.
  var subscriptions = 0
  /// The last number given in `d<serial>`.
  var lastSerial = 0
  /// It has closed its writing side: it is closed once it has all its responses.
  var hasReachedEnd = false
  /// Whether the close was ordered already.
  var isFinished = false
}

extension ClientRecord: SlabElement {
  static var vacant: ClientRecord { ClientRecord(id: .none, uid: 0, gid: 0, pid: 0, groups: []) }
}
