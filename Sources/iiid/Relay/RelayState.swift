import III
import LocalProtocol
import Transport

/// What the daemon knows and decides: clients, the functions they serve, the invocations and calls in flight.
///
/// Pure: an event comes in as a method call with the time as an argument, and what is to be done is appended to
/// ``effects``. Payloads are ranges of the event's text; only what has to wait is copied. Owned by ``Relay``.
struct RelayState: ~Copyable {
  /// Changed by ``Relay`` alone.
  var limits: RelayLimits
  /// What is to be done, in order; emptied by whoever carries it out.
  var effects: [RelayEffect] = []

  var clients = Slab<ClientRecord>()
  var functions = Slab<FunctionRecord>()
  /// The slot of each function, by its id.
  var functionSlots: [String: Int] = [:]
  /// The bindings that connections have made, by id.
  var triggers: [String: TriggerRecord] = [:]
  /// The trigger types that connections provide, by name.
  var triggerTypes: [String: TriggerTypeRecord] = [:]
  /// The bindings that those providers serve.
  var bindings = ServedTriggers<ServedBinding>()
  /// The requests to providers that are not answered.
  var bindingRequests = Slab<BindingRecord>()
  /// What the requests that wait for the engine's word are about, by call slot.
  var confirmations: [Int: Confirmation] = [:]
  var invocations = Slab<InvocationRecord>()
  var calls = Slab<CallRecord>()
  /// The calls that wait for the engine to be connected, by slot.
  var parked: [Int: CallRecord.Parked] = [:]

  /// When a parked call or a registration that waits gives up, by call slot.
  var callDeadlines = DeadlineQueue()
  /// When an invocation's function has taken too long, by invocation slot.
  var invocationDeadlines = DeadlineQueue()
  /// When a provider has taken too long to answer, by request slot.
  var bindingDeadlines = DeadlineQueue()
  /// When a function without a worker is given up, by function slot.
  var lingerDeadlines = DeadlineQueue()

  /// The link as it was last reported.
  var linkState = ConnectionState.disconnected
  /// Why the link is not connected, for errors.
  var linkError: String?

  /// Set while draining: when what is in flight is given up.
  var drainDeadline: MonotonicTime?
  var isDrained = false

  /// Whether somebody wants to be told of all calls and invocations.
  var isObserved = false

  /// How many requests the daemon has kept open to answer them itself, ever.
  var postponements = 0

  /// Calls of the outbox that the engine has and did not acknowledge: a drain waits for them, so that they are not made twice.
  var outboxInFlight = 0

  /// Responses that no open request was found for.
  var strayResponses = 0

  private var generation = 0
  private var finishes = 0

  init(limits: RelayLimits) { self.limits = limits }

  /// The number of the next finish, by which workers that have been idle longer are told.
  mutating func nextFinish() -> Int {
    finishes += 1
    return finishes
  }

  var isDraining: Bool { drainDeadline != nil }

  // MARK: - Clients

  /// A client has connected.
  mutating func clientConnected(uid: UInt32, gid: UInt32, pid: Int32, groups: [UInt32] = []) -> ClientID {
    generation += 1
    let slot = clients.insert(.vacant)
    let id = ClientID(slot: slot, generation: generation)
    clients.at[slot] = ClientRecord(id: id, uid: uid, gid: gid, pid: pid, groups: groups)
    return id
  }

  /// Whether the connection is still there.
  func isConnected(_ client: ClientID) -> Bool { clients.at[client.slot].id == client }

  /// The client has closed its writing side, or is about to: it can answer no more, so what it serves ends; its own
  /// requests run on (local protocol, section 2.1).
  mutating func clientReachedEnd(_ client: ClientID, now: MonotonicTime) {
    guard isConnected(client) else { return }
    clients.at[client.slot].hasReachedEnd = true
    workerGone(client, now: now)
    finishIfDone(client)
  }

  /// The connection is gone: nobody reads what is still in flight.
  mutating func clientClosed(_ client: ClientID, now: MonotonicTime) {
    guard isConnected(client) else { return }
    workerGone(client, now: now)
    for call in clients.at[client.slot].calls {
      if isObserved { observe(call: call, nil) }
      forget(call)
      dropCall(call)
    }
    clients.remove(client.slot)
    finishDrainIfDone()
  }

  /// Ends everything that the client serves.
  private mutating func workerGone(_ client: ClientID, now: MonotonicTime) {
    let served = clients.at[client.slot].functions
    let open = clients.at[client.slot].invocations
    clients.at[client.slot].functions.removeAll()
    clients.at[client.slot].invocations.removeAll()
    removeTriggers(of: client)
    removeTriggerTypes(of: client, now: now)
    for slot in open {
      if invocations.at[slot].phase == .running {
        conclude(slot, .error(code: "invocation_stopped", message: "WORKER_GONE: the worker has gone"))
      }
      invocations.remove(slot)
    }
    for slot in served { removeInstance(of: client, from: slot, now: now, isExplicit: false) }
    finishDrainIfDone()
  }

  /// Orders the close of a client that has closed its writing side and has all its responses.
  mutating func finishIfDone(_ client: ClientID) {
    guard clients.at[client.slot].hasReachedEnd, isConnected(client), clients.at[client.slot].calls.isEmpty,
      clients.at[client.slot].subscriptions == 0,
      !clients.at[client.slot].isFinished
    else { return }
    clients.at[client.slot].isFinished = true
    effects.append(.finish(client))
  }

  // MARK: - Time

  /// When ``timePassed(now:)`` is due next. Mutating only because the whole state would be copied to be lent.
  var nextDeadline: MonotonicTime? {
    mutating get {
      var next = isDrained ? nil : drainDeadline
      if let time = callDeadlines.earliest { next = min(time, next ?? time) }
      if let time = invocationDeadlines.earliest { next = min(time, next ?? time) }
      if let time = bindingDeadlines.earliest { next = min(time, next ?? time) }
      if let time = lingerDeadlines.earliest { next = min(time, next ?? time) }
      return next
    }
  }

  /// Carries out what is due at `now`.
  mutating func timePassed(now: MonotonicTime) {
    while let call = callDeadlines.popExpired(now: now) { callExpired(call) }
    while let invocation = invocationDeadlines.popExpired(now: now) { invocationExpired(invocation) }
    while let request = bindingDeadlines.popExpired(now: now) { bindingExpired(request, now: now) }
    while let function = lingerDeadlines.popExpired(now: now) { lingerExpired(function) }
    if let deadline = drainDeadline, deadline <= now, !isDrained { giveUpDraining() }
  }
}
