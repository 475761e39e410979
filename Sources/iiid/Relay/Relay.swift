import Bytes
import III
import LocalProtocol
import RawJSON
import Transport

/// The one owner of everything that changes: the clients' connections, the engine link, and the state that decides.
///
/// Lives on the loop's thread. Each event goes to ``RelayState`` first; the effects it appends are carried out here, at
/// once and in order, while the event's text still stands.
final class Relay {
  let loop: EventLoop
  let link: EngineLink
  let log: Logger
  private(set) var limits: RelayLimits

  var state: RelayState
  /// The connection of each client, by its slot.
  var connections: [LocalClient?] = []
  /// Batches whose answers are not complete, by number.
  var batches: [Int: Batch] = [:]
  var batchCount = 0
  let startedAt: MonotonicTime
  /// What clients want to be told of, in the order in which they said so.
  var subscriptions: [Subscription] = []
  var subscriptionCount = 0
  var watch: EngineWatch
  private(set) lazy var channels = ChannelTable(self)

  /// What clients may do; the configuration's word.
  var policy = Policy()

  /// Asked to end the process: what is in flight may run on for so many milliseconds, nil for as long as the
  /// configuration says.
  var shutdownRequested: ((Int?) -> Void)?
  /// Asked to read the configuration again; is to call back once, with the result of `reload`. Nil when there is nothing to
  /// read.
  var reloadRequested: ((@escaping (Result<Report, LocalError>) -> Void) -> Void)?
  /// What keeps calls on disk, or why there is nothing that does.
  var outbox = OutboxService.off("")

  /// Called when ``statusText`` may have changed.
  var statusChanged: (() -> Void)?
  /// Why the engine is away, as the log has it already.
  var loggedLinkError: String?
  /// The function that was called last.
  var calledName = LastName()
  /// Whether the answer that was sent last was more than an engine takes; the worker is to be told.
  var answerWasTooLarge = false
  /// Called once, when a drain is over.
  private var finished: (() -> Void)?

  private var timer: Timer?
  /// Runs while some client has too much output waiting.
  private(set) lazy var stallTimer = Timer(on: loop) { [unowned self] in closeStalledClients() }
  /// Lent to the executing loop, so that effects that cause effects do not grow it while it is read.
  private var executing: [RelayEffect] = []
  private var isPerforming = false
  private var isPerformingLater = false
  /// What the timer is set to.
  private var scheduled = MonotonicTime.distantFuture

  init(loop: EventLoop, limits: RelayLimits, link: EngineLink, log: Logger) {
    self.loop = loop
    self.limits = limits
    self.link = link
    self.log = log
    state = RelayState(limits: limits)
    startedAt = loop.now
    watch = EngineWatch(unique: link.makeTriggerID())
    timer = Timer(on: loop) { [unowned self] in
      scheduled = .distantFuture
      state.timePassed(now: loop.now)
      perform()
    }
    link.owner = self
  }

  /// Refuses what is new, finishes what is in flight until `deadline`, closes the link and then all connections;
  /// `finished` is called when all is done.
  func drain(reason: String, deadline: MonotonicTime, finished: @escaping () -> Void) {
    self.finished = finished
    outbox.keeper?.end()
    state.beginDrain(reason: reason, deadline: deadline, now: loop.now)
    perform()
    publishDrain()
    statusChanged?()
  }

  /// A drain that has begun ends at `deadline` at the latest.
  func hastenDrain(deadline: MonotonicTime) {
    state.hastenDrain(deadline: deadline)
    perform()
  }

  /// The link is closed: so are the clients, once they have what was written for them. Not at once: what they still say is
  /// answered first, and the relay may be in the middle of something else.
  func linkStopped() { loop.atEndOfTurn { [unowned self] in closeClients() } }

  private func closeClients() {
    var remaining = 1
    let closed = { [unowned self] in
      remaining -= 1
      guard remaining == 0 else { return }
      finished?()
      finished = nil
    }
    for client in connections {
      guard let client, client.stream.isOpen else { continue }
      // What it has asked until now is refused; what it asks from now on is not taken.
      client.endInput()
      remaining += 1
      client.stream.closeAfterFlush(limit: 1000, closed: closed)
    }
    closed()
  }

  /// Serves within other bounds from now on; what is beyond them already stays.
  func changeLimits(to limits: RelayLimits) {
    guard limits != self.limits else { return }
    self.limits = limits
    state.limits = limits
    for client in connections { client?.limitsChanged() }
  }

  // MARK: - Effects

  /// Carries out what the state has ordered; `text` is what the effects' ranges are of.
  func perform(_ text: Span<UInt8> = Relay.noText.span) {
    guard !isPerforming else { return }
    isPerforming = true
    while !state.effects.isEmpty {
      swap(&executing, &state.effects)
      // Taken off the end, so that none is copied.
      if executing.count > 1 { executing.reverse() }
      while let effect = executing.popLast() { carryOut(effect, text) }
    }
    isPerforming = false
    let deadline = state.nextDeadline ?? .distantFuture
    guard deadline != scheduled else { return }
    scheduled = deadline
    timer?.start(at: deadline)
  }

  /// The same before the end of the turn, for callers that must not meet what comes of it.
  func performLater() {
    guard !isPerformingLater else { return }
    isPerformingLater = true
    loop.atEndOfTurn { [weak self] in
      self?.isPerformingLater = false
      self?.perform()
    }
  }

  static let noText: [UInt8] = []

  private func carryOut(_ effect: RelayEffect, _ text: Span<UInt8>) {
    switch effect {
    case .reply(let address, let reply): respond(address, reply, text)
    case .invoke(let client, let invoke):
      if let stored = invoke.stored { write(invoke, to: client, stored.span) } else { write(invoke, to: client, text) }
    case .bind(let client, let serial, let binding, let isUndoing):
      guard let connection = connection(client) else { return }
      connection.resume()
      connection.write {
        if isUndoing {
          DaemonMessage.unbind(serial, binding.message, to: &$0)
        } else {
          DaemonMessage.bind(serial, binding.message, to: &$0)
        }
      }
    case .cancelInvocation(let client, let serial, let reason):
      connection(client)?.write { DaemonMessage.cancel(serial, reason, to: &$0) }
    case .announceDrain(let client, let reason, let deadline):
      connection(client)?.write { DaemonMessage.drain(reason: reason, deadline: deadline, to: &$0) }
    case .finish(let client): finish(client)
    case .submit(let call, let members, let action, let timeout, let stored):
      let deadline = loop.now + timeout
      let submission =
        if let stored {
          link.call(stored.span, members, action: action, deadline: deadline, context: call)
        } else {
          link.call(text, members, action: action, deadline: deadline, context: call)
        }
      state.submitted(call, submission)
    case .forget(let call): link.cancel(call)
    case .answer(let invocation, let token, let answer): send(answer, to: invocation, token, text)
    case .register(let id, let definition):
      if let refusal = link.registerFunction(id, definition: definition) { state.refused(id, refusal) }
    case .unregister(let id): link.unregisterFunction(id)
    case .registerTrigger(let id, let definition):
      if let refusal = link.registerTrigger(id, definition) { state.refusedTrigger(id, refusal) }
    case .unregisterTrigger(let id): link.unregisterTrigger(id)
    case .registerTriggerType(let id, let definition):
      if let refusal = link.registerTriggerType(id, definition) { state.refusedTriggerType(id, refusal) }
    case .unregisterTriggerType(let id): link.unregisterTriggerType(id)
    case .observed(let observation): publish(observation, text)
    case .answerTrigger(let trigger, let failure): link.answer(trigger, failure: failure)
    case .forgetChannelCall(let call): channels.forget(call)
    case .channelCallExpired(let call): channels.expired(call)
    case .drained: link.shutdown(deadline: loop.now + 2000)
    }
  }
}
