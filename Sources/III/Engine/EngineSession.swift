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
    /// The engine refused the worker for good, or no attempt is left.
    case refused(code: String, message: String)
    /// Shut down, while the connection is not over yet.
    case closing
    /// Shut down.
    case stopped
  }

  /// The most ids of one question (engine protocol, section 5.2).
  static let questionSize = 32

  /// Where the link is.
  var phase = Phase.idle
  /// The state that users see.
  var state = ConnectionState.disconnected
  /// Since when.
  var since: MonotonicTime
  /// The attempts since it was connected last.
  var attempt = 0
  /// When the next attempt is due, in the phase `waiting`.
  var retryTime: MonotonicTime?
  /// Why the last connection or attempt ended.
  var lastError: String?
  /// The id that the engine gave the present connection.
  var workerID: String?
  /// What the engine says it can do.
  var features: [String] = []
  /// The trigger types that this worker provides.
  var triggerTypes = Registry<TriggerTypeDefinition>()
  /// The registered functions.
  var functions = Registry<RegisteredFunction>()
  /// The triggers of this worker: functions that are bound to anybody's trigger types.
  var triggers = Registry<TriggerDefinition>()
  /// What is to be carried out, in order; the link takes it.
  var effects: [SessionEffect] = []

  let name: String
  let hasNamespace: Bool
  let functionLimit: Int
  let triggerTypeLimit: Int
  let triggerLimit: Int
  let announceLimit: Int
  var backoff: Backoff
  var wasConnected = false
  var isAnnounced = false
  /// Whether the owner is about to end.
  var isDraining = false
  /// Of the connection that had one last; what a reattach names.
  var identity: (workerID: String, token: String)?
  /// What the present connection said before it ends: worth more than how it ends.
  var complaint: String?
  /// When the engine stops waiting for the announce.
  var graceEnd: MonotonicTime?
  /// Registered since the last barrier.
  var unconfirmed: [String] = []
  /// Whether the triggers of our types are coming again, because the connection was made anew.
  var isRecoveringTriggers = false
  /// What was learned about discovery on this connection.
  var isDiscoveryForbidden = false
  var hasBatchQuestion = true
  /// What was found out about functions and is looked at once more.
  var doubts: [(id: String, verdict: RegistrationState)] = []
  /// Whether the second look is under way.
  var isListing = false

  /// A session that has not started.
  init(options: LinkOptions, now: MonotonicTime) {
    since = now
    name = options.name
    hasNamespace = options.namespace != nil
    functionLimit = options.functionLimit
    triggerTypeLimit = options.triggerTypeLimit
    triggerLimit = options.triggerLimit
    announceLimit = options.announceLimit
    backoff = options.backoff
  }

  /// Whether frames may be written.
  var isOpen: Bool { phase == .announcing || phase == .unannounced || phase == .ready }

  /// Whether calls may be made.
  var isReady: Bool { phase == .ready }

  mutating func enter(_ phase: Phase, _ state: ConnectionState, _ now: MonotonicTime) {
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

  mutating func connect(_ now: MonotonicTime) {
    attempt += 1
    retryTime = nil
    enter(.attempting, wasConnected ? .reconnecting : .connecting, now)
    effects.append(.connect)
  }

  /// The handshake is over: reattach first, then the announce, then every trigger type, function and trigger once (engine
  /// protocol, sections 2.17 and 10, lessons 1 and 2). Nothing is waited for: an engine greets without being asked, and
  /// reads on.
  mutating func opened(_ now: MonotonicTime) {
    guard phase == .attempting else { return }
    complaint = nil
    isAnnounced = false
    isDiscoveryForbidden = false
    hasBatchQuestion = true
    doubts = []
    isListing = false
    features = []
    unconfirmed = []
    graceEnd = now + announceLimit
    if let identity { effects.append(.reattach(workerID: identity.workerID, token: identity.token)) }
    effects.append(.announce)
    for id in triggerTypes.ids { effects.append(.registerTriggerType(id)) }
    for id in functions.ids { effects.append(.register(id)) }
    for id in triggers.ids { effects.append(.registerTrigger(id)) }
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
    guard !backoff.isSpent else { return gaveUp(told, wasOpen: wasOpen, now) }
    let retry = now + backoff.next(random: random)
    retryTime = retry
    enter(.waiting, wasConnected ? .reconnecting : .connecting, now)
    effects.append(.retry(at: retry))
    if wasOpen { connectionEnded(failing: .linkLost(reason: told), reason: told) }
  }

  /// No further attempt is allowed: a state as final as a refusal (engine protocol, section 8.1).
  private mutating func gaveUp(_ reason: String, wasOpen: Bool, _ now: MonotonicTime) {
    let message = "no attempt to connect is left: \(reason)"
    enter(.refused(code: Self.notConnected, message: message), .failed, now)
    if wasOpen { connectionEnded(failing: .rejected(code: Self.notConnected, message: message), reason: reason) }
  }

  /// The code of a worker that has used up its attempts.
  private static var notConnected: String { InvocationError.notConnected }

  mutating func connectionEnded(failing failure: CallFailure, reason: String) {
    unconfirmed = []
    isRecoveringTriggers = false
    effects.append(.failCalls(failure))
    for id in functions.ids { note(id, .pending) }
    effects.append(.lost(reason: reason))
  }

  /// The owner wants no connection any more.
  mutating func shutdownRequested(_ now: MonotonicTime) {
    switch phase {
    case .announcing, .unannounced, .ready:
      takeBack()
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
