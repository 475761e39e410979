package import Transport

// How entries go to the engine, and what its word means.
extension OutboxState {
  /// The longest pause between two attempts, in milliseconds; the first is one second, and each twice the one before.
  private static var longestRest: Int { 60_000 }

  /// There is a connection to the engine, or there is none any more.
  package mutating func linkChanged(isConnected: Bool, now: MonotonicTime) {
    self.isConnected = isConnected
    guard isConnected else { return forgetMessages() }
    pump(now: now)
  }

  /// The messages are in the file; while the engine is away they need no memory.
  private mutating func forgetMessages() {
    guard cachedBytes > 0 else { return }
    for id in ready.ascending where records[id]?.message != nil { keep(nil, of: id) }
  }

  /// Sends what is ready, in order, as far as there is room.
  mutating func pump(now: MonotonicTime) {
    guard isConnected, !isEnding else { return }
    var void: [Int] = []
    let voidFlight = flightCount + 1
    while let id = ready.first, let record = records[id], let message = record.message, hasRoom(for: record) {
      var flight = voidFlight
      if message.queue == nil {
        if void.isEmpty { flightCount = max(flightCount, voidFlight) }
        void.append(id)
      } else {
        flightCount = max(flightCount, voidFlight) + 1
        flight = flightCount
        flights[flight] = [id]
      }
      setPhase(id, .sent(flight: flight))
      effects.append(.send(flight: flight, id: id, message))
    }
    guard !void.isEmpty else { return }
    flights[voidFlight] = void
    effects.append(.barrier(flight: voidFlight))
  }

  /// Whether an entry may be sent now. One that lost a connection before goes alone, so that it is known whether it is the
  /// reason.
  private func hasRoom(for record: OutboxRecord) -> Bool {
    if inFlight == 0 { return true }
    return record.losses == 0 && suspects == 0 && inFlight < limits.inFlight
      && inFlightBytes + record.entry.size <= limits.inFlightBytes
  }

  /// Whether the entry is still to be sent under this number: something may have happened since that was ordered.
  package func isSent(_ id: Int, under flight: Int) -> Bool { records[id]?.phase == .sent(flight: flight) }

  /// Whether anything waits for the outcome under this number.
  package func isOpen(_ flight: Int) -> Bool { flights[flight] != nil }

  /// A call, or the barrier behind void calls, has its outcome.
  package mutating func ended(_ flight: Int, _ outcome: OutboxOutcome, now: MonotonicTime) {
    guard let ids = flights.removeValue(forKey: flight) else { return }
    for id in ids where records[id]?.phase == .sent(flight: flight) { conclude(id, outcome, now: now) }
    pump(now: now)
  }

  /// The link did not take one entry, and never will.
  package mutating func undeliverable(_ id: Int, _ failure: OutboxFailure, now: MonotonicTime) {
    guard case .sent = records[id]?.phase else { return }
    fail(id, failure)
    pump(now: now)
  }

  private mutating func conclude(_ id: Int, _ outcome: OutboxOutcome, now: MonotonicTime) {
    switch outcome {
    case .taken: finish(id, .delivered)
    case .refused(let failure, isForNow: false): fail(id, failure)
    case .refused(let failure, isForNow: true):
      records[id]?.attempts += 1
      let attempts = records[id]?.attempts ?? 0
      guard attempts < limits.attempts else { return fail(id, failure) }
      records[id]?.rest = now + min(Self.longestRest, 1000 << min(attempts - 1, 6))
      setPhase(id, .resting)
    case .lost(let reason):
      setPhase(id, .ready)
      records[id]?.losses += 1
      guard records[id]?.losses ?? 0 >= limits.losses else { return }
      let text = "the connection to the engine ended \(limits.losses) times while it had this call: \(reason)"
      fail(id, OutboxFailure(code: "NOT_CONNECTED", message: text))
    case .notSent: setPhase(id, .ready)
    }
  }

  /// An entry is done with.
  mutating func finish(_ id: Int, _ kind: OutboxEvent.Kind) {
    forget(id)
    removals.append(id)
    effects.append(.tell(OutboxEvent(id: id, kind: kind)))
  }

  /// An entry is not tried any more.
  private mutating func fail(_ id: Int, _ failure: OutboxFailure) {
    records[id]?.entry.failure = failure
    setPhase(id, .failed)
    marks.append(OutboxJob.Mark(id: id, failure: failure))
    effects.append(.tell(OutboxEvent(id: id, kind: .failed(failure))))
  }

  // MARK: - Time

  /// When ``timePassed(now:)`` is due next.
  package var nextDeadline: MonotonicTime? {
    var next = deadlines.earliest
    // A job that is under way says when it ends.
    guard running == nil else { return next }
    if let nextWrite { next = min(nextWrite, next ?? nextWrite) }
    if let nextRead { next = min(nextRead, next ?? nextRead) }
    return next
  }

  /// Carries out what is due at `now`.
  package mutating func timePassed(now: MonotonicTime) {
    while let token = deadlines.popExpired(now: now) {
      let id = tokens[token]
      if let expiry = records[id]?.expiry, expiry <= now { finish(id, .expired) } else { setPhase(id, .ready) }
    }
    if let nextWrite, nextWrite <= now { self.nextWrite = nil }
    if let nextRead, nextRead <= now { self.nextRead = nil }
    pump(now: now)
  }
}
