import Transport

@testable import Outbox

/// An outbox's state and a file that exists in thought only: events as short calls, effects as short texts: `accepted 1 #7`,
/// `send 7`, `barrier`, …
final class OutboxScript {
  var state: OutboxState
  var now = MonotonicTime(milliseconds: 1000)
  var wallTime: Int { 1_000_000 + Int(now.milliseconds) }
  /// What the file holds.
  var file: [Int: OutboxMessage] = [:]
  /// What the next jobs end in.
  var failure: OutboxError?
  var readFailure: OutboxError?
  private(set) var jobs = 0
  private var flights: [Int: Int] = [:]
  private var barriers: [Int] = []

  init(_ limits: OutboxLimits = OutboxLimits(), connected: Bool = true) {
    state = OutboxState(limits: limits, wallTime: 0, now: now)
    if connected { state.linkChanged(isConnected: true, now: now) }
  }

  /// With entries that an earlier daemon has left.
  init(left: [(id: Int, queue: String?, expiresAt: Int?)], connected: Bool = true) {
    let entries = left.map {
      OutboxEntry(
        id: $0.id, functionID: "f", queue: $0.queue, size: 10, userID: 1, acceptedAt: 0, expiresAt: $0.expiresAt)
    }
    for entry in left { file[entry.id] = Self.message(queue: entry.queue, payload: nil) }
    state = OutboxState(limits: OutboxLimits(), entries: entries, lastID: 0, wallTime: 1_001_000, now: now)
    if connected { state.linkChanged(isConnected: true, now: now) }
  }

  static func message(queue: String?, payload: String?) -> OutboxMessage {
    var message = OutboxMessage(functionID: Array(#""f""#.utf8))
    message.queue = queue.map { Array("\"\($0)\"".utf8) }
    message.payload = payload.map { Array($0.utf8) }
    return message
  }

  // MARK: - Events

  /// Accepts a void call, or one for a queue, and runs what follows.
  func accept(_ ticket: Int, queue: String? = nil, payload: String? = nil, ttl: Int? = nil, uid: UInt32 = 1) -> [String]
  {
    take(ticket, queue: queue, payload: payload, ttl: ttl, uid: uid) + run()
  }

  /// The same without a job: the answer is not due yet.
  func take(_ ticket: Int, queue: String? = nil, payload: String? = nil, ttl: Int? = nil, uid: UInt32 = 1) -> [String] {
    let refusal = state.accept(
      Self.message(queue: queue, payload: payload), functionID: "f", queue: queue, userID: uid, timeToLive: ttl,
      ticket: ticket, wallTime: wallTime, now: now)
    return refusal.map { ["refused \(ticket): \($0)"] } ?? []
  }

  /// Runs jobs until there is none.
  func run() -> [String] {
    var lines = effects()
    while let job = state.nextJob(now: now) {
      jobs += 1
      state.finished(result(of: job), now: now)
      lines += effects()
    }
    return lines
  }

  func result(of job: OutboxJob) -> OutboxJobResult {
    var result = OutboxJobResult()
    if let failure {
      if !job.insertions.isEmpty { result.insertionFailure = failure }
      if !job.removals.isEmpty || !job.marks.isEmpty { result.changeFailure = failure }
    } else {
      for insertion in job.insertions { file[insertion.entry.id] = insertion.message }
      for id in job.removals { file[id] = nil }
    }
    if !job.loads.isEmpty { result.loadFailure = readFailure }
    if readFailure == nil { for id in job.loads { result.messages[id] = file[id] } }
    return result
  }

  /// The engine's word on the entry.
  func ended(_ id: Int, _ outcome: OutboxOutcome = .taken) -> [String] {
    state.ended(flights[id] ?? -1, outcome, now: now)
    return run()
  }

  /// The engine's word on the oldest barrier.
  func barrier(_ outcome: OutboxOutcome = .taken) -> [String] {
    state.ended(barriers.removeFirst(), outcome, now: now)
    return run()
  }

  func link(_ isConnected: Bool) -> [String] {
    state.linkChanged(isConnected: isConnected, now: now)
    return run()
  }

  func pass(_ milliseconds: Int) -> [String] {
    now = now + milliseconds
    state.timePassed(now: now)
    return run()
  }

  func retry(_ id: Int? = nil) -> [String] {
    state.retry(id, ticket: 90, now: now)
    return run()
  }

  func drop(_ id: Int? = nil, all: Bool = false) -> [String] {
    state.drop(id, all: all, ticket: 91, now: now)
    return run()
  }

  // MARK: - Effects

  func effects() -> [String] {
    let effects = state.effects
    state.effects = []
    return effects.map { effect in
      switch effect {
      case .settle(let ticket, .accepted(let id)): return "accepted \(ticket) #\(id)"
      case .settle(let ticket, .counted(let count)): return "counted \(ticket) \(count)"
      case .settle(let ticket, .refused(let error)): return "refused \(ticket): \(error)"
      case .send(let flight, let id, _):
        flights[id] = flight
        return "send #\(id)"
      case .barrier(let flight):
        barriers.append(flight)
        return "barrier"
      case .tell(let event):
        switch event.kind {
        case .failed(let failure): return "failed #\(event.id) \(failure.code)"
        default: return "\(event.kind) #\(event.id)"
        }
      }
    }
  }
}
