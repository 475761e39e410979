extension EngineSession {
  /// What the engine answered to the question for functions.
  enum Information: Equatable {
    /// What it knows.
    case rows([FunctionRow])
    /// Access rules forbid to ask.
    case forbidden
    /// It knows only the question for one function (engine protocol, section 9.1: 0.13).
    case singleOnly
    /// An answer that tells nothing, or none.
    case nothing
  }

  /// Sends the barrier for what was registered since the last one: once it is answered, every refusal that is said aloud
  /// has arrived, because registrations of a connection are applied in order (engine protocol, section 0).
  mutating func confirm() {
    guard phase == .ready, !unconfirmed.isEmpty || isRecoveringTriggers else { return }
    effects.append(.barrier(unconfirmed))
    unconfirmed = []
  }

  /// The barrier behind `ids` was answered, in whichever way; or, when not `answered`, was not in time.
  mutating func barrierPassed(_ ids: [String], answered: Bool) {
    guard phase == .ready else { return }
    if isRecoveringTriggers, answered {
      // Whatever the engine holds for our types was sent before this answer.
      isRecoveringTriggers = false
      effects.append(.recoveredTriggers)
    }
    let open = ids.filter { functions[$0]?.state == .pending }
    guard answered, !isDiscoveryForbidden else { return settle(open, .unconfirmed) }
    ask(open)
  }

  /// The engine told what it knows of `ids`.
  mutating func informed(_ ids: [String], _ information: Information) {
    guard phase == .ready else { return }
    let open = ids.filter { functions[$0]?.state == .pending }
    switch information {
    case .rows(let rows):
      for id in open { judge(id, verdict(id, rows.first { $0.id == id })) }
      askAboutDoubts()
    case .forbidden:
      isDiscoveryForbidden = true
      settle(open, .unconfirmed)
    case .singleOnly where ids.count > 1:
      hasBatchQuestion = false
      ask(open)
    case .singleOnly, .nothing: settle(open, .unconfirmed)
    }
  }

  // MARK: - Doubts

  /// Notes what was found out, unless it needs a second look: access rules may have put a prefix before the ids of our
  /// functions (engine protocol, section 4.6). Then nothing, or what somebody else has, is found under a name of ours
  /// while the function works.
  private mutating func judge(_ id: String, _ verdict: RegistrationState) {
    guard case .rejected = verdict else { return note(id, verdict) }
    doubts.append((id, verdict))
  }

  private mutating func askAboutDoubts() {
    guard !doubts.isEmpty, !isListing else { return }
    if hasPlainName {
      isListing = true
      effects.append(.listOwn(doubts.map(\.id)))
    } else {
      settleDoubts(doubts.map(\.id), .unconfirmed)
    }
  }

  /// The engine told which functions it has of this worker, by their ids there; nil when it did not.
  mutating func listed(_ ids: [String], _ engineIDs: [String]?) {
    guard phase == .ready else { return }
    isListing = false
    if let engineIDs {
      let own = Set(engineIDs.compactMap(ownID))
      settleDoubts(ids.filter(own.contains), .active)
      settleDoubts(ids, nil)
    } else {
      settleDoubts(ids, .unconfirmed)
    }
    askAboutDoubts()
  }

  /// Notes what is known now about functions that were in doubt; with nil, what was found first.
  private mutating func settleDoubts(_ ids: [String], _ state: RegistrationState?) {
    for id in ids {
      guard let index = doubts.firstIndex(where: { $0.id == id }) else { continue }
      let doubt = doubts.remove(at: index)
      if functions[id]?.state == .pending { note(id, state ?? doubt.verdict) }
    }
  }

  /// The function of ours that the engine knows by `engineID`: the one of that name, or of what is left of it without a
  /// prefix.
  func ownID(_ engineID: String) -> String? {
    if functions[engineID] != nil { return engineID }
    let bytes = Array(engineID.utf8)
    for index in bytes.indices.dropLast(2) where bytes[index...].starts(with: "::".utf8) {
      let rest = String(decoding: bytes[(index + 2)...], as: UTF8.self)
      if functions[rest] != nil { return rest }
    }
    return nil
  }

  mutating func ask(_ ids: [String]) {
    let size = hasBatchQuestion ? Self.questionSize : 1
    for start in stride(from: 0, to: ids.count, by: size) {
      effects.append(.ask(Array(ids[start..<min(start + size, ids.count)])))
    }
  }

  func verdict(_ id: String, _ row: FunctionRow?) -> RegistrationState {
    guard let row else { return .unconfirmed }
    switch row.finding {
    case .found(let worker):
      // A silent refusal of what somebody else has. Names are compared only when they cannot have been cleaned up.
      if isAnnounced, let worker, worker != name, hasPlainName {
        return .rejected(code: RegistrationRejection.functionConflict, owner: worker)
      }
      return .active
    // Without an announce it may still be held back.
    case .missing: return isAnnounced ? .rejected(code: "NOT_FOUND", owner: nil) : .unconfirmed
    case .hidden: return .unconfirmed
    }
  }

  /// Whether the engine shows our name as we said it: nothing in it can have been cleaned up.
  private var hasPlainName: Bool { name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } }

  mutating func settle(_ ids: [String], _ state: RegistrationState) {
    for id in ids { note(id, state) }
  }
}
