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
      for id in open { note(id, verdict(id, rows.first { $0.id == id })) }
    case .forbidden:
      isDiscoveryForbidden = true
      settle(open, .unconfirmed)
    case .singleOnly where ids.count > 1:
      hasBatchQuestion = false
      ask(open)
    case .singleOnly, .nothing: settle(open, .unconfirmed)
    }
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
      if isAnnounced, let worker, worker != name, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) {
        return .rejected(code: RegistrationRejection.functionConflict, owner: worker)
      }
      return .active
    // Without an announce it may still be held back.
    case .missing: return isAnnounced ? .rejected(code: "NOT_FOUND", owner: nil) : .unconfirmed
    case .hidden: return .unconfirmed
    }
  }

  mutating func settle(_ ids: [String], _ state: RegistrationState) {
    for id in ids { note(id, state) }
  }
}
