package import Transport
import WebSocket

/// The connection to an engine that makes itself anew: announce, registrations, calls out, invocations in.
///
/// Owned by the daemon's relay or by a ``Worker``, on whose loop it lives. It owns one `WebSocketConnection` at a time,
/// and an ``EngineSession`` that decides what is said on it. Payloads are carried as ranges of the text they came in and
/// are written once, into the connection's output.
package final class EngineLink {
  /// What became of a call.
  package enum Submission: Equatable, Sendable {
    /// Sent; the owner is told the outcome.
    case sent(CallID)
    /// Void: sent, or kept for the next connection.
    case accepted(buffered: Bool)
    /// Not sent.
    case refused(CallRefusal)
  }

  /// The deadlines of the link itself; those of calls follow, by slot.
  enum Deadline: Int, CaseIterable {
    /// The next attempt to connect.
    case retry
    /// The next ping, or the end of patience with a silent engine.
    case heartbeat
    /// The end of the engine's wait for the announce.
    case grace
    /// The end of a shutdown.
    case shutdown

    /// The token of the call in slot 0.
    static let firstCall = allCases.count
  }

  /// Who is told what happens; not held, so it outlives the link or takes itself out.
  package unowned var owner: (any EngineLinkOwner)?
  /// What it connects to, and as whom.
  package private(set) var options: LinkOptions
  let loop: EventLoop

  var session: EngineSession
  var calls = CallTable()
  var random = RandomPool()
  var reader = EngineMessageReader()
  var queue: OfflineQueue
  /// The connection, or the attempt to make one.
  var connection: WebSocketConnection?
  /// Counts the connections; what came on another one than the present is stale.
  package internal(set) var generation = 0
  /// Why we dropped the connection ourselves.
  var dropReason: String?
  var nextPing = MonotonicTime.distantFuture
  /// When the kernel last took something of the output, or there was none, as far as heartbeats saw.
  var lastProgress = MonotonicTime.distantFuture
  var writtenBefore = 0
  /// The engine has been silent for too long, as far as was read.
  var isDoubtful = false

  let announce: Announce
  /// The namespaces that calls without one get, as JSON strings in quotes.
  let ownNamespace: [UInt8]?
  let engineNamespace: [UInt8]?

  /// What barriers and questions are about, by the context of their calls.
  var questions: [Int: [String]] = [:]
  var nextQuestion = 0

  private var deadlines = DeadlineQueue()
  private var timer: Timer?
  /// When the timer is going to fire; `distantFuture` when it is not running.
  private var timerTime = MonotonicTime.distantFuture
  private var isCarryingOut = false

  var droppedAnswers = 0
  var strayResults = 0
  var ignoredFrames = 0

  /// A link that does nothing until ``start()``.
  package init(loop: EventLoop, options: LinkOptions) {
    self.loop = loop
    self.options = options
    session = EngineSession(options: options, now: loop.now)
    queue = OfflineQueue(messageLimit: options.queuedCallLimit, byteLimit: options.queuedByteLimit)
    announce = Announce(options)
    ownNamespace = options.namespace.map(Self.token)
    engineNamespace = options.namespace == nil ? nil : Self.token("default")
    timer = Timer(on: loop) { [unowned self] in timerFired() }
  }

  /// From the next connection on, the engine is told another token and checked by other certificates.
  package func changeCredentials(token: String?, tls: TLSOptions) {
    options.token = token
    options.tls = tls
  }

  /// Begins to connect, and goes on for ever.
  package func start() {
    session.started(loop.now)
    loop.atEndOfTurn { [weak self] in self?.carryOut() }
  }

  /// Takes functions and triggers back, and registers nothing more; calls and answers go on until the shutdown.
  func drain() {
    session.drainRequested()
    carryOut()
  }

  /// Unregisters the functions in order, sends what is waiting and closes; calls in flight fail. The owner is told by
  /// `engineLinkStopped`, at the latest when `deadline` has passed.
  package func shutdown(deadline: MonotonicTime) {
    session.shutdownRequested(loop.now)
    setDeadline(.shutdown, at: deadline)
    loop.atEndOfTurn { [weak self] in self?.carryOut() }
  }

  /// What the connection is doing.
  package var state: ConnectionState { session.state }

  /// Why the engine refused this worker for good, in the state `failed`.
  package var refusal: (code: String, message: String)? {
    guard case .refused(let code, let message) = session.phase else { return nil }
    return (code, message)
  }

  /// How many bytes wait to be written to the engine.
  package var pendingOutput: Int { connection?.pendingOutput ?? 0 }

  /// A picture of the link.
  package var status: LinkStatus {
    // Neither the query nor what may stand in a path is a secret we show: the query may hold a token.
    var url = options.url
    url.target = String(url.target.prefix { $0 != "?" })
    return LinkStatus(
      state: session.state, since: session.since, attempt: session.attempt, nextRetry: session.retryTime,
      lastError: session.lastError, url: url.description, namespace: options.namespace, workerID: session.workerID,
      features: session.features, pendingOutput: pendingOutput, callsInFlight: calls.count,
      queuedCalls: queue.count, droppedAnswers: droppedAnswers, strayResults: strayResults,
      ignoredFrames: ignoredFrames)
  }
}

// MARK: - Deadlines

extension EngineLink {
  /// Sets one of the link's own deadlines.
  func setDeadline(_ deadline: Deadline, at time: MonotonicTime) { setDeadline(token: deadline.rawValue, at: time) }

  /// Sets the deadline of the call in a slot.
  func setDeadline(ofCall slot: Int, at time: MonotonicTime) {
    setDeadline(token: Deadline.firstCall &+ slot, at: time)
  }

  private func setDeadline(token: Int, at time: MonotonicTime) {
    deadlines.insert(token: token, at: time)
    // The timer is only ever moved forward: when it fires too early, it looks again.
    guard time < timerTime else { return }
    timerTime = time
    timer?.start(at: time)
  }

  /// Forgets one of the link's own deadlines.
  func clearDeadline(_ deadline: Deadline) { deadlines.remove(token: deadline.rawValue) }

  /// Forgets the deadline of the call in a slot.
  func clearDeadline(ofCall slot: Int) { deadlines.remove(token: Deadline.firstCall &+ slot) }

  private func timerFired() {
    timerTime = .distantFuture
    while let token = deadlines.popExpired(now: loop.now) {
      if let deadline = Deadline(rawValue: token) {
        passed(deadline)
      } else {
        expire(slot: token &- Deadline.firstCall)
      }
    }
    guard let earliest = deadlines.earliest, earliest < timerTime else { return }
    timerTime = earliest
    timer?.start(at: earliest)
  }

  private func passed(_ deadline: Deadline) {
    switch deadline {
    case .retry: session.retryDue(loop.now)
    case .grace: session.graceEnded(loop.now)
    case .heartbeat: heartbeat()
    case .shutdown: drop("the shutdown took too long")
    }
    carryOut()
  }
}

// MARK: - Effects

extension EngineLink {
  /// Carries out what the session has ordered. Orders that come up meanwhile follow behind, so that the owner hears of
  /// everything in the order in which it happened.
  func carryOut() {
    guard !isCarryingOut else { return }
    isCarryingOut = true
    defer { isCarryingOut = false }
    while !session.effects.isEmpty {
      var effects: [SessionEffect] = []
      swap(&effects, &session.effects)
      for effect in effects { carryOut(effect) }
    }
  }

  private func carryOut(_ effect: SessionEffect) {
    switch effect {
    case .connect: connect()
    case .retry(let time): setDeadline(.retry, at: time)
    case .grace(let time): setDeadline(.grace, at: time)
    case .reattach(let workerID, let token): sendReattach(workerID: workerID, token: token)
    case .announce: sendAnnounce()
    case .register(let id): sendRegistration(id)
    case .unregister(let id): sendUnregistration(id)
    case .registerTriggerType(let id): sendTriggerType(id)
    case .unregisterTriggerType(let id, let namespace): sendRemoval(ofTriggerType: id, namespace: namespace)
    case .registerTrigger(let id): sendTrigger(id)
    case .unregisterTrigger(let id, let type): sendRemoval(ofTrigger: id, type: type)
    case .sendQueued: sendQueued()
    case .confirmAtEndOfTurn:
      loop.atEndOfTurn { [weak self] in
        self?.session.confirm()
        self?.carryOut()
      }
    case .barrier(let ids): sendBarrier(ids)
    case .ask(let ids): sendQuestion(ids)
    case .listOwn(let ids): sendListing(ids)
    case .close: connection?.close(code: .normal)
    case .abort: drop(nil)
    case .failCalls(let failure): failCalls(failure)
    case .changed: owner?.engineLinkChangedState(self)
    case .registration(let id, let state): owner?.engineLink(self, registrationOf: id, became: state)
    case .recoveredTriggers: owner?.engineLinkRecoveredTriggers(self)
    case .lost(let reason): owner?.engineLinkLostConnection(self, reason: reason)
    case .stopped: stopped()
    }
  }

  private func stopped() {
    for deadline in Deadline.allCases { clearDeadline(deadline) }
    timer?.close()
    timer = nil
    queue.removeAll()
    owner?.engineLinkStopped(self)
  }
}
