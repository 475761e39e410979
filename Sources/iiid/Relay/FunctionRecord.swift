import III

/// One function that local workers serve: its registration at the engine, the connections that serve it, and the
/// invocations that wait for one of them.
struct FunctionRecord {
  /// One connection that serves the function.
  struct Instance {
    let client: ClientID
    let maxInFlight: Int
    var inFlight = 0
    /// When it last finished something, on a counter; the smallest has been idle longest.
    var lastFinished = 0
    /// Whether it only finishes what it has.
    var isDraining = false

    var isFree: Bool { inFlight < maxInFlight && !isDraining }
  }

  let id: String
  /// The id as a JSON string token.
  let token: [UInt8]
  /// The further members of the registration frame, as the last registering worker gave them.
  var definition: [UInt8]
  var state: RegistrationState
  var instances: [Instance] = []
  /// Slots of the invocations that wait, oldest first.
  var queue: [Int] = []
  var queueLimit: Int
  var timeoutMilliseconds: Int?
  var lingerMilliseconds: Int
  /// Whether the engine carries it out itself, by an HTTP request; its one instance is the connection that registered it.
  var isOverHTTP = false
  /// Slots of the requests that wait for the registration to be confirmed.
  var waiting: [Int] = []

  /// The instance that gets the next invocation: the one with the fewest in flight, of equals the one idle longest;
  /// nil when all are at their limit (local protocol, section 2.6).
  var freeInstance: Int? {
    var best: Int?
    for (index, instance) in instances.enumerated() where instance.isFree {
      guard let current = best else {
        best = index
        continue
      }
      let rival = instances[current]
      if (instance.inFlight, instance.lastFinished) < (rival.inFlight, rival.lastFinished) { best = index }
    }
    return best
  }

  func index(of client: ClientID) -> Int? { instances.firstIndex { $0.client == client } }

  /// Whether some connection takes new invocations.
  var isServed: Bool { instances.contains { !$0.isDraining } }
}

extension FunctionRecord: SlabElement {
  static var vacant: FunctionRecord {
    FunctionRecord(id: "", token: [], definition: [], state: .pending, queueLimit: 0, lingerMilliseconds: 0)
  }
}
