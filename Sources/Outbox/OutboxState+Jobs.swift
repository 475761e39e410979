package import Transport

// What is done with the file, one job at a time: all that came up while the last one ran is in the next.
extension OutboxState {
  /// How long after a failure the file is left alone, in milliseconds.
  private static var pauseAfterFailure: Int { 1000 }

  /// What is to be done with the file next; nil when there is nothing, or a job is under way.
  package mutating func nextJob(now: MonotonicTime) -> OutboxJob? {
    guard running == nil else { return nil }
    var job = OutboxJob()
    let count = min(insertions.count, limits.insertionsPerJob)
    let chosen = insertions.prefix(count)
    job.insertions = chosen.map(\.0)
    if nextRead.map({ $0 <= now }) ?? true { job.loads = loads }
    // Callers who wait for an answer try the file at once, whatever became of the last attempt.
    let mayWrite = !insertions.isEmpty || nextWrite.map { $0 <= now } ?? true
    let waiting = mayWrite ? waiting : []
    if mayWrite {
      job.removals = removals
      job.marks = marks
    }
    guard job != OutboxJob() || !waiting.isEmpty else { return nil }
    running = Running(job: job, tickets: chosen.map(\.ticket), waiting: waiting)
    insertions.removeFirst(count)
    guard mayWrite else { return job }
    removals = []
    marks = []
    self.waiting = []
    return job
  }

  /// The messages of the entries whose turn comes next, as many as there is room for.
  private var loads: [Int] {
    guard isConnected, !isEnding, inFlight < limits.inFlight else { return [] }
    var ids: [Int] = []
    var bytes = cachedBytes
    for id in ready.ascending.prefix(limits.inFlight) {
      guard let record = records[id], record.message == nil else { continue }
      bytes += record.entry.size
      guard bytes <= limits.inFlightBytes || id == ready.first else { break }
      ids.append(id)
    }
    return ids
  }

  /// A job has ended.
  package mutating func finished(_ result: OutboxJobResult, now: MonotonicTime) {
    guard let running else { return }
    self.running = nil
    settleInsertions(running, result.insertionFailure)
    settleChanges(running, result.changeFailure)
    take(result, of: running.job)
    judge(result, of: running.job, now: now)
    pump(now: now)
  }

  /// How the file is. Having read from it says nothing of whether it takes anything, and the other way round.
  private mutating func judge(_ result: OutboxJobResult, of job: OutboxJob, now: MonotonicTime) {
    let pause = now + Self.pauseAfterFailure
    if !job.insertions.isEmpty || !job.removals.isEmpty || !job.marks.isEmpty {
      writeTrouble = result.insertionFailure ?? result.changeFailure
      nextWrite = writeTrouble == nil ? nil : pause
    }
    if !job.loads.isEmpty {
      readTrouble = result.loadFailure
      nextRead = readTrouble == nil ? nil : pause
    }
  }

  private mutating func settleInsertions(_ running: Running, _ failure: OutboxError?) {
    for (insertion, ticket) in zip(running.job.insertions, running.tickets) {
      let id = insertion.entry.id
      if let failure {
        forget(id)
        effects.append(.settle(ticket: ticket, .refused(failure)))
        continue
      }
      setPhase(id, .ready)
      if isConnected, cachedBytes + insertion.entry.size <= limits.inFlightBytes { keep(insertion.message, of: id) }
      effects.append(.settle(ticket: ticket, .accepted(id: id)))
    }
  }

  private mutating func settleChanges(_ running: Running, _ failure: OutboxError?) {
    if failure != nil {
      // Kept until the file takes them; after a crash before that, a call is made once more.
      removals = running.job.removals + removals
      marks = running.job.marks + marks
    }
    for (ticket, count) in running.waiting {
      effects.append(.settle(ticket: ticket, failure.map { .refused($0) } ?? .counted(count)))
    }
  }

  private mutating func take(_ result: OutboxJobResult, of job: OutboxJob) {
    guard result.loadFailure == nil else { return }
    for id in job.loads where records[id]?.phase == .ready {
      guard let message = result.messages[id] else {
        finish(id, .lost)
        continue
      }
      if isConnected { keep(message, of: id) }
    }
  }

  /// What the file was not told yet, for the last job of a daemon that ends; nothing is promised by it.
  package var lastJob: OutboxJob? {
    var job = OutboxJob()
    job.removals = (running?.job.removals ?? []) + removals
    job.marks = (running?.job.marks ?? []) + marks
    return job == OutboxJob() ? nil : job
  }
}
