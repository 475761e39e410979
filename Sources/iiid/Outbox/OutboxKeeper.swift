import III
import LocalProtocol
import Outbox
import Transport

/// The outbox at work: has the state decide, the file written on libuv's thread pool, and the link send.
///
/// Owned by ``Relay``, on the loop's thread.
final class OutboxKeeper {
  unowned let relay: Relay
  let store: OutboxStore
  var state: OutboxState
  private var loop: EventLoop { relay.loop }

  /// The requests that wait for the disk, by ticket.
  private var requests: [Int: Request] = [:]
  private var tickets = 0
  /// How many calls were delivered, and how many have expired, since the start.
  private(set) var delivered = 0
  private(set) var expired = 0

  private lazy var timer = Timer(on: loop) { [unowned self] in
    scheduled = .distantFuture
    state.timePassed(now: loop.now)
    perform()
  }
  /// What the timer is set to.
  private var scheduled = MonotonicTime.distantFuture
  private var isPerforming = false
  private var isJobDue = false

  /// One request that waits for the disk.
  private struct Request {
    let reply: PostponedReply
    let isQueued: Bool
  }

  /// - Parameters:
  ///   - relay: The owner.
  ///   - store: The open file.
  ///   - content: What it holds.
  init(_ relay: Relay, _ store: OutboxStore, _ content: (entries: [OutboxEntry], lastID: Int)) {
    self.relay = relay
    self.store = store
    state = OutboxState(
      limits: relay.limits.outbox, entries: content.entries, lastID: content.lastID,
      wallTime: Int(relay.log.wallTime.milliseconds), now: relay.loop.now)
    perform()
  }

  // MARK: - What comes in

  /// A call is to be kept; `reply` is answered when it is on the disk.
  func accept(
    _ message: OutboxMessage, functionID: String, queue: String?, timeToLive: Int?, userID: UInt32,
    _ reply: PostponedReply
  ) {
    tickets += 1
    requests[tickets] = Request(reply: reply, isQueued: queue != nil)
    let refusal = state.accept(
      message, functionID: functionID, queue: queue, userID: userID, timeToLive: timeToLive, ticket: tickets,
      wallTime: Int(relay.log.wallTime.milliseconds), now: loop.now)
    if let refusal { settle(tickets, .refused(refusal)) }
    perform()
  }

  func retry(_ id: Int?, _ reply: PostponedReply) {
    tickets += 1
    requests[tickets] = Request(reply: reply, isQueued: false)
    state.retry(id, ticket: tickets, now: loop.now)
    perform()
  }

  func drop(_ id: Int?, all: Bool, _ reply: PostponedReply) {
    tickets += 1
    requests[tickets] = Request(reply: reply, isQueued: false)
    state.drop(id, all: all, ticket: tickets, now: loop.now)
    perform()
  }

  func linkChanged(isConnected: Bool) {
    state.linkChanged(isConnected: isConnected, now: loop.now)
    perform()
  }

  /// The link's word on what was sent with `context`.
  func answered(_ context: Int, _ outcome: CallOutcome, _ text: Span<UInt8>) {
    let (flight, isBarrier) = Self.flight(of: context)
    state.ended(flight, Self.meaning(of: outcome, isBarrier: isBarrier, text), now: loop.now)
    perform()
  }

  /// The daemon is ending: nothing more is sent.
  func end() {
    state.end()
    perform()
  }

  /// Tells the file what it was not told yet. The loop is closed by now, and no job is under way.
  func close() {
    guard let job = state.lastJob, let failure = store.perform(job).changeFailure else { return }
    relay.log.error("\(store.path): \(failure); calls that were delivered will be made once more")
  }

  // MARK: - Effects

  /// Carries out what the state has ordered.
  private func perform() {
    guard !isPerforming else { return }
    isPerforming = true
    while !state.effects.isEmpty {
      var effects: [OutboxEffect] = []
      swap(&effects, &state.effects)
      for effect in effects { carryOut(effect) }
    }
    isPerforming = false
    relay.outboxHasInFlight(state.inFlight)
    schedule()
    startJobAtEndOfTurn()
  }

  private func carryOut(_ effect: OutboxEffect) {
    switch effect {
    case .settle(let ticket, let settlement): settle(ticket, settlement)
    case .send(let flight, let id, let message): send(message, id, flight)
    case .barrier(let flight): sendBarrier(flight)
    case .tell(let event): tell(event)
    }
  }

  private func settle(_ ticket: Int, _ settlement: OutboxSettlement) {
    guard let request = requests.removeValue(forKey: ticket) else { return }
    switch settlement {
    case .accepted(let id):
      let accepted: Report =
        request.isQueued
        ? .object(["outbox_id": .integer(id), "buffered": true])
        : .object(["accepted": true, "buffered": true, "outbox_id": .integer(id)])
      relay.answer(request.reply, .success(accepted))
    case .counted(let count): relay.answer(request.reply, .success(.object(["count": .integer(count)])))
    case .refused(let error): relay.answer(request.reply, .failure(Self.localError(error)))
    }
  }

  private static func localError(_ error: OutboxError) -> LocalError {
    switch error {
    case .tooMany, .tooMuch, .full: .overloaded("\(error)", retryAfter: 1000)
    case .tooLarge(let limit, let size): .payloadTooLarge("a call for the outbox", limit: limit, size: size)
    case .place, .inUse, .content, .failed: .internalFailure("the outbox: \(error)")
    }
  }

  private func tell(_ event: OutboxEvent) {
    switch event.kind {
    case .delivered: delivered += 1
    case .expired:
      expired += 1
      relay.log.warning(
        "outbox: call \(event.id) was not delivered in its time, dropping it", repeating: "expired calls")
    case .failed(let failure):
      relay.log.warning(
        "outbox: call \(event.id) is not tried any more: \(failure.code): \(failure.message)",
        repeating: "refused calls of the outbox")
    case .lost:
      relay.log.error(
        "\(store.path): call \(event.id) is not in the file any more", repeating: "lost calls of the outbox")
    case .dropped, .retried: break
    }
    relay.publish(.outbox, about: "", self.event(event))
  }

  private func schedule() {
    let deadline = state.nextDeadline ?? .distantFuture
    guard deadline != scheduled else { return }
    scheduled = deadline
    if deadline == .distantFuture { timer.stop() } else { timer.start(at: deadline) }
  }

  // MARK: - The file

  /// One job for everything that comes up in a turn.
  private func startJobAtEndOfTurn() {
    guard !isJobDue else { return }
    isJobDue = true
    loop.atEndOfTurn { [weak self] in
      guard let self else { return }
      isJobDue = false
      startJob()
    }
  }

  private func startJob() {
    guard let job = state.nextJob(now: loop.now) else { return }
    let store = store
    loop.work {
      store.perform(job)
    } then: { [weak self] result in
      self?.finished(result)
    }
  }

  private func finished(_ result: OutboxJobResult) {
    let before = state.trouble
    state.finished(result, now: loop.now)
    if let trouble = state.trouble, trouble != before {
      relay.log.error("\(store.path): \(trouble)", repeating: "failures of the outbox's file")
    }
    perform()
  }
}
