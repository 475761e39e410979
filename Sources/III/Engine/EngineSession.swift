import Transport

/// The state of a link, without its I/O: what is said on a connection in which order, when the next attempt is made, and
/// what is known about each function.
///
/// Owned by an ``EngineLink``, which tells it events and carries out the ``effects`` in order. Pure: time and randomness
/// are arguments.
struct EngineSession {
  /// Where the link is in its life.
  enum Phase: Equatable {
    /// Not started.
    case idle
    /// Between two attempts.
    case waiting
    /// A connection is being made.
    case attempting
    /// Open, everything was sent, and the announce is not answered yet.
    case announcing
    /// Open, and the announce was refused in a way that one can live with: until the engine stops waiting for it.
    case unannounced
    /// Calls may be made.
    case ready
    /// The engine refused the worker for good.
    case refused(code: String, message: String)
    /// Shut down, while the connection is not over yet.
    case closing
    /// Shut down.
    case stopped
  }

  /// The most ids of one question (engine protocol, section 5.2).
  static let questionSize = 32

  /// Where the link is.
  private(set) var phase = Phase.idle
  /// The state that users see.
  private(set) var state = ConnectionState.disconnected
  /// Since when.
  private(set) var since: MonotonicTime
  /// The attempts since it was connected last.
  private(set) var attempt = 0
  /// When the next attempt is due, in the phase `waiting`.
  private(set) var retryTime: MonotonicTime?
  /// Why the last connection or attempt ended.
  private(set) var lastError: String?
  /// The id that the engine gave the present connection.
  private(set) var workerID: String?
  /// What the engine says it can do.
  private(set) var features: [String] = []
  /// The registered functions.
  private(set) var functions = FunctionRegistry()
  /// What is to be carried out, in order; the link takes it.
  var effects: [SessionEffect] = []

  private let name: String
  private let hasNamespace: Bool
  private let functionLimit: Int
  private let announceLimit: Int
  private var backoff: Backoff
  private var wasConnected = false
  private var isAnnounced = false
  /// Of the connection that had one last; what a reattach names.
  private var identity: (workerID: String, token: String)?
  /// What the present connection said before it ends: worth more than how it ends.
  private var complaint: String?
  /// When the engine stops waiting for the announce.
  private var graceEnd: MonotonicTime?
  /// Registered since the last barrier.
  private var unconfirmed: [String] = []
  /// What was learned about discovery on this connection.
  private var isDiscoveryForbidden = false
  private(set) var hasBatchQuestion = true

  /// A session that has not started.
  init(options: LinkOptions, now: MonotonicTime) {
    since = now
    name = options.name
    hasNamespace = options.namespace != nil
    functionLimit = options.functionLimit
    announceLimit = options.announceLimit
    backoff = options.backoff
  }

  /// Whether frames may be written.
  var isOpen: Bool { phase == .announcing || phase == .unannounced || phase == .ready }

  /// Whether calls may be made.
  var isReady: Bool { phase == .ready }

  private mutating func enter(_ phase: Phase, _ state: ConnectionState, _ now: MonotonicTime) {
    self.phase = phase
    guard state != self.state else { return }
    self.state = state
    since = now
    effects.append(.changed)
  }
}

// MARK: - Life

extension EngineSession {
  /// The owner wants a connection.
  mutating func started(_ now: MonotonicTime) {
    guard phase == .idle else { return }
    connect(now)
  }

  /// The wait before the next attempt is over.
  mutating func retryDue(_ now: MonotonicTime) {
    guard phase == .waiting else { return }
    connect(now)
  }

  private mutating func connect(_ now: MonotonicTime) {
    attempt += 1
    retryTime = nil
    enter(.attempting, wasConnected ? .reconnecting : .connecting, now)
    effects.append(.connect)
  }

  /// The handshake is over: reattach first, then the announce, then every function once (engine protocol, sections 2.17
  /// and 10, lessons 1 and 2). Nothing is waited for: an engine greets without being asked, and reads on.
  mutating func opened(_ now: MonotonicTime) {
    guard phase == .attempting else { return }
    complaint = nil
    isAnnounced = false
    isDiscoveryForbidden = false
    hasBatchQuestion = true
    features = []
    unconfirmed = []
    graceEnd = now + announceLimit
    if let identity { effects.append(.reattach(workerID: identity.workerID, token: identity.token)) }
    effects.append(.announce)
    for id in functions.ids { effects.append(.register(id)) }
    enter(.announcing, state, now)
  }

  /// The engine greeted.
  mutating func greeted(workerID: String, reattachToken: String?, features: [String]) {
    guard isOpen else { return }
    self.workerID = workerID
    self.features = features
    // An engine without a token does not know the frame either (engine protocol, section 2.2).
    identity = reattachToken.map { (workerID, $0) }
  }

  /// The engine says what is wrong before it closes.
  mutating func complained(code: String, message: String) {
    guard isOpen else { return }
    complaint = "\(code): \(message)"
  }

  /// The connection, or the attempt to make one, is over; `reason` says why.
  mutating func closed(_ reason: String, random: UInt64, _ now: MonotonicTime) {
    let wasOpen = isOpen
    workerID = nil
    switch phase {
    case .closing:
      enter(.stopped, .disconnected, now)
      effects.append(.stopped)
      return
    case .attempting, .announcing, .unannounced, .ready: break
    case .idle, .waiting, .refused, .stopped: return
    }
    let told = complaint ?? reason
    complaint = nil
    lastError = told
    let retry = now + backoff.next(random: random)
    retryTime = retry
    enter(.waiting, wasConnected ? .reconnecting : .connecting, now)
    effects.append(.retry(at: retry))
    if wasOpen { connectionEnded(failing: .linkLost(reason: told), reason: told) }
  }

  private mutating func connectionEnded(failing failure: CallFailure, reason: String) {
    unconfirmed = []
    effects.append(.failCalls(failure))
    for id in functions.ids { note(id, .pending) }
    effects.append(.lost(reason: reason))
  }

  /// The owner wants no connection any more.
  mutating func shutdownRequested(_ now: MonotonicTime) {
    switch phase {
    case .announcing, .unannounced, .ready:
      // An engine that loses a connection with many functions may spin for ever (engine protocol, section 0).
      for id in functions.ids { effects.append(.unregister(id)) }
      effects.append(.failCalls(.shutdown))
      effects.append(.close)
      enter(.closing, state, now)
    case .attempting:
      effects.append(.abort)
      enter(.closing, state, now)
    case .idle, .waiting, .refused:
      retryTime = nil
      enter(.stopped, .disconnected, now)
      effects.append(.stopped)
    case .closing, .stopped: break
    }
  }
}

// MARK: - The announce

extension EngineSession {
  /// How the engine answered the announce.
  enum AnnounceAnswer: Equatable {
    /// `{"success":true}`.
    case accepted
    /// An error, or `{"success":false}`.
    case refused(code: String, message: String)
    /// Nothing within the limit.
    case none
  }

  /// The announce was answered, or will not be.
  mutating func announced(_ answer: AnnounceAnswer, _ now: MonotonicTime) {
    guard phase == .announcing else { return }
    switch answer {
    case .accepted:
      isAnnounced = true
      becomeReady(now)
    case .none:
      lastError = "the announce was not answered"
      becomeReady(now)
    case .refused(let code, let message):
      if hasNamespace || code == Self.notSuccessful {
        // Unannounced, the functions would end up in the engine's default namespace: better none than there.
        complaint = "the announce was refused: \(code): \(message)"
        effects.append(.abort)
      } else if let graceEnd {
        lastError = "the announce was refused: \(code): \(message)"
        effects.append(.grace(until: graceEnd))
        enter(.unannounced, state, now)
      }
    }
  }

  /// The code for an announce that was answered without success and without an error.
  static var notSuccessful: String { "NOT_SUCCESSFUL" }

  /// The engine has stopped waiting for an announce, and has applied the registrations.
  mutating func graceEnded(_ now: MonotonicTime) {
    guard phase == .unannounced else { return }
    becomeReady(now)
  }

  private mutating func becomeReady(_ now: MonotonicTime) {
    wasConnected = true
    attempt = 0
    backoff.reset()
    lastError = isAnnounced ? nil : lastError
    effects.append(.sendQueued)
    enter(.ready, .connected, now)
    unconfirmed = functions.ids.filter { functions[$0]?.state == .pending }
    confirm()
  }
}

// MARK: - Functions

extension EngineSession {
  /// The owner registers a function.
  mutating func registered(_ id: String, definition: [UInt8]) -> RegistrationRefusal? {
    switch phase {
    case .closing, .stopped: return .shuttingDown
    default: break
    }
    guard functions[id] != nil || functions.count < functionLimit else { return .tooMany(limit: functionLimit) }
    functions.set(id, definition: definition)
    guard isOpen else { return nil }
    effects.append(.register(id))
    // While announcing, everything is confirmed together once the announce is answered.
    guard phase == .ready else { return nil }
    if unconfirmed.isEmpty { effects.append(.confirmAtEndOfTurn) }
    unconfirmed.append(id)
    return nil
  }

  /// The owner takes a function back.
  mutating func unregistered(_ id: String) {
    guard functions.remove(id), isOpen else { return }
    effects.append(.unregister(id))
  }

  /// The engine refused a function, or this worker.
  mutating func rejected(_ rejection: RegistrationRejection, _ now: MonotonicTime) {
    guard isOpen else { return }
    if rejection.code == RegistrationRejection.functionConflict {
      if let id = rejection.functionID { note(id, .rejected(code: rejection.code, owner: rejection.owner)) }
      return
    }
    // Fatal, as is every code that nobody knows (engine protocol, sections 2.13 and 10, lesson 14).
    workerID = nil
    lastError = "\(rejection.code): \(rejection.message)"
    enter(.refused(code: rejection.code, message: rejection.message), .failed, now)
    effects.append(.abort)
    connectionEnded(
      failing: .rejected(code: rejection.code, message: rejection.message), reason: lastError ?? rejection.code)
  }

  private mutating func note(_ id: String, _ state: RegistrationState) {
    if functions.note(id, state) { effects.append(.registration(id, state)) }
  }
}

// MARK: - Confirmation

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
    guard phase == .ready, !unconfirmed.isEmpty else { return }
    effects.append(.barrier(unconfirmed))
    unconfirmed = []
  }

  /// The barrier behind `ids` was answered, in whichever way; or, when not `answered`, was not in time.
  mutating func barrierPassed(_ ids: [String], answered: Bool) {
    guard phase == .ready else { return }
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

  private mutating func ask(_ ids: [String]) {
    let size = hasBatchQuestion ? Self.questionSize : 1
    for start in stride(from: 0, to: ids.count, by: size) {
      effects.append(.ask(Array(ids[start..<min(start + size, ids.count)])))
    }
  }

  private func verdict(_ id: String, _ row: FunctionRow?) -> RegistrationState {
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

  private mutating func settle(_ ids: [String], _ state: RegistrationState) {
    for id in ids { note(id, state) }
  }
}
