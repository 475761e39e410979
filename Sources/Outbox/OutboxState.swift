package import Transport

/// What is known and decided of the calls that are kept on disk (decision 0019).
///
/// Pure: an event comes in as a method call with the time as an argument; what is to be done is appended to ``effects``, and
/// what is to be done with the file is asked for with ``nextJob(now:)``. Owned by the daemon's relay.
package struct OutboxState: ~Copyable {
  package let limits: OutboxLimits
  /// What is to be done, in order; emptied by whoever carries it out.
  package var effects: [OutboxEffect] = []

  /// The entries by number.
  package internal(set) var records: [Int: OutboxRecord] = [:]
  /// Those to be sent, in the order in which they were accepted.
  var ready = OrderedIDs()
  /// The entries that the engine is asked about under one number: one call for a queue, or several void ones.
  var flights: [Int: [Int]] = [:]
  var flightCount = 0
  /// How many entries the engine has, how many bytes they have, and how many of them lost a connection before.
  package internal(set) var inFlight = 0
  var inFlightBytes = 0
  var suspects = 0
  /// Bytes of the messages that are kept in memory.
  var cachedBytes = 0

  /// What each user has in the outbox.
  var users: [UInt32: (entries: Int, bytes: Int)] = [:]
  /// Bytes of all entries.
  package internal(set) var bytes = 0
  /// How many entries are not tried any more.
  package internal(set) var failed = 0
  var lastID: Int

  /// When an entry expires or has rested, by its token.
  var deadlines = DeadlineQueue()
  /// The entry of each token; 0 for a free one.
  var tokens: [Int] = []
  var freeTokens: [Int] = []

  var isConnected = false
  /// Nothing more is sent: the daemon is ending.
  var isEnding = false

  // The file.
  /// To be written, with the ticket of each.
  var insertions: [(OutboxJob.Insertion, ticket: Int)] = []
  var removals: [Int] = []
  var marks: [OutboxJob.Mark] = []
  /// Requests that wait for removals and marks to be written, and what they are told.
  var waiting: [(ticket: Int, count: Int)] = []
  /// The job that is under way, and whom it settles.
  var running: Running?
  /// Set after a failure: when the file is written again, and when it is read again.
  var nextWrite: MonotonicTime?
  var nextRead: MonotonicTime?
  /// Why the file was not written last, and why it was not read last; nil when it was.
  var writeTrouble: OutboxError?
  var readTrouble: OutboxError?

  /// What is wrong with the file; nil when nothing is.
  package var trouble: OutboxError? { writeTrouble ?? readTrouble }

  /// What a job that is under way settles.
  struct Running {
    let job: OutboxJob
    let tickets: [Int]
    let waiting: [(ticket: Int, count: Int)]
  }

  /// A state with the entries that the file holds, oldest first.
  ///
  /// - Parameters:
  ///   - limits: The bounds.
  ///   - entries: The entries.
  ///   - lastID: The number that was given last.
  ///   - wallTime: Milliseconds since 1970.
  ///   - now: The time.
  package init(
    limits: OutboxLimits, entries: [OutboxEntry] = [], lastID: Int = 0, wallTime: Int, now: MonotonicTime
  ) {
    self.limits = limits
    self.lastID = max(lastID, entries.last?.id ?? 0)
    for entry in entries {
      add(entry, phase: entry.failure == nil ? .ready : .failed)
      if entry.failure == nil { ready.insert(entry.id) } else { failed += 1 }
      if let expiresAt = entry.expiresAt { expire(entry.id, at: now + max(0, expiresAt - wallTime)) }
    }
  }

  // MARK: - What comes in

  /// A call is to be kept. ``OutboxEffect/settle(ticket:_:)`` follows when it is on the disk.
  ///
  /// - Parameters:
  ///   - message: The call.
  ///   - functionID: The function's id, decoded.
  ///   - queue: The queue's name, decoded; nil for a void call.
  ///   - userID: Whose it is.
  ///   - timeToLive: Milliseconds after which it is given up; nil for never.
  ///   - ticket: Comes back with the settlement.
  ///   - wallTime: Milliseconds since 1970.
  ///   - now: The time.
  /// - Returns: Why it is not taken; nil when it is.
  package mutating func accept(
    _ message: OutboxMessage, functionID: String, queue: String?, userID: UInt32, timeToLive: Int?, ticket: Int,
    wallTime: Int, now: MonotonicTime
  ) -> OutboxError? {
    let size = message.size
    if let refusal = refusal(size: size, userID: userID) { return refusal }
    lastID += 1
    let entry = OutboxEntry(
      id: lastID, functionID: functionID, queue: queue, size: size, userID: userID, acceptedAt: wallTime,
      expiresAt: timeToLive.map { wallTime + $0 })
    add(entry, phase: .storing)
    if let timeToLive { expire(entry.id, at: now + timeToLive) }
    insertions.append((OutboxJob.Insertion(entry: entry, message: message), ticket))
    return nil
  }

  private func refusal(size: Int, userID: UInt32) -> OutboxError? {
    if size > min(limits.bytes, limits.bytesPerUser) {
      return .tooLarge(limit: min(limits.bytes, limits.bytesPerUser), size: size)
    }
    if records.count >= limits.entries { return .tooMany(limit: limits.entries, isOfUser: false) }
    if bytes + size > limits.bytes { return .tooMuch(limit: limits.bytes, isOfUser: false) }
    let own = users[userID] ?? (0, 0)
    if own.entries >= limits.entriesPerUser { return .tooMany(limit: limits.entriesPerUser, isOfUser: true) }
    if own.bytes + size > limits.bytesPerUser { return .tooMuch(limit: limits.bytesPerUser, isOfUser: true) }
    return nil
  }

  /// The daemon is ending: what is not sent yet stays for the next one.
  package mutating func end() { isEnding = true }

  // MARK: - Records

  mutating func add(_ entry: OutboxEntry, phase: OutboxRecord.Phase) {
    let token = freeTokens.popLast() ?? tokens.count
    if token == tokens.count { tokens.append(entry.id) } else { tokens[token] = entry.id }
    records[entry.id] = OutboxRecord(entry, phase: phase, token: token)
    bytes += entry.size
    let own = users[entry.userID] ?? (0, 0)
    users[entry.userID] = (own.entries + 1, own.bytes + entry.size)
  }

  /// Forgets an entry, wherever it is.
  mutating func forget(_ id: Int) {
    setPhase(id, .storing)
    guard let record = records.removeValue(forKey: id) else { return }
    deadlines.remove(token: record.token)
    tokens[record.token] = 0
    freeTokens.append(record.token)
    bytes -= record.entry.size
    let own = users[record.entry.userID] ?? (0, 0)
    users[record.entry.userID] = own.entries > 1 ? (own.entries - 1, own.bytes - record.entry.size) : nil
  }

  /// Takes an entry out of the phase that it is in, and puts it into another.
  mutating func setPhase(_ id: Int, _ phase: OutboxRecord.Phase) {
    guard let record = records[id] else { return }
    switch record.phase {
    case .ready:
      ready.remove(id)
      keep(nil, of: id)
    case .sent:
      inFlight -= 1
      inFlightBytes -= record.entry.size
      if record.losses > 0 { suspects -= 1 }
    case .failed: failed -= 1
    case .resting: records[id]?.rest = nil
    case .storing: break
    }
    switch phase {
    case .ready: ready.insert(id)
    case .sent:
      inFlight += 1
      inFlightBytes += record.entry.size
      if record.losses > 0 { suspects += 1 }
    case .failed: failed += 1
    case .resting, .storing: break
    }
    records[id]?.phase = phase
    schedule(id)
  }

  /// Keeps a message in memory, or forgets it.
  mutating func keep(_ message: OutboxMessage?, of id: Int) {
    cachedBytes -= records[id]?.message?.size ?? 0
    cachedBytes += message?.size ?? 0
    records[id]?.message = message
  }

  private mutating func expire(_ id: Int, at time: MonotonicTime) {
    records[id]?.expiry = time
    schedule(id)
  }

  /// Sets the entry's deadline. What the engine has is not given up: its word comes first.
  private mutating func schedule(_ id: Int) {
    guard let record = records[id] else { return }
    var deadline: MonotonicTime?
    switch record.phase {
    case .storing, .sent: break
    case .ready, .failed: deadline = record.expiry
    case .resting: deadline = min(record.rest ?? .distantFuture, record.expiry ?? .distantFuture)
    }
    if let deadline {
      deadlines.insert(token: record.token, at: deadline)
    } else {
      deadlines.remove(token: record.token)
    }
  }
}
