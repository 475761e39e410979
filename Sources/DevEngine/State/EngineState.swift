/// The engine: workers, functions, and calls in flight. Pure: events come in as method calls, what has to be done goes
/// out as ``EngineEffect``s; time is an argument, ids come from a closure. Owned by ``DevEngineServer``.
///
/// Times are in milliseconds of a clock that never goes back. Connections are named by the server's numbers, which must
/// not be used twice.
package struct EngineState {
  let options: EngineOptions
  /// Makes the ids of workers, tokens, receipts, and of invocations that the caller gave none.
  let makeID: () -> InvocationID
  /// A variable of the engine's environment, where functions that are called over HTTP have their secrets.
  let environment: (String) -> String?

  /// When the engine was started, in milliseconds since 1970.
  let startedAt: Int

  var workers: [Int: WorkerRecord] = [:]
  var connections: [String: Int] = [:]
  var functions: [FunctionKey: FunctionRecord] = [:]
  var pending: [InvocationID: PendingInvocation] = [:]
  /// Calls over HTTP.
  var httpFunctions = HTTPFunctionTable()
  var triggerTypes: [FunctionKey: TriggerTypeRecord] = [:]
  /// By the binding's id.
  var bindings: [String: BindingRecord] = [:]
  /// By the binding's id.
  var awaitedBindings: [String: AwaitedBinding] = [:]
  /// Counts calls and bindings.
  var nextSequence = 0

  /// When held registrations are applied, earliest first.
  var graceDeadlines: [(time: Int, connection: Int)] = []
  /// Jobs of the queue in memory that wait for their next delivery, earliest first.
  var retries: [(time: Int, job: QueuedJob)] = []
  /// How many jobs the queue in memory holds, delivered or waiting.
  var jobCount = 0

  /// Channels between workers.
  var channels = ChannelTable()
  /// Bindings of the type `cron`.
  var cron = CronTable()
  /// Bindings of the type `http`, and their requests.
  var httpTriggers = HTTPTriggerTable()
  /// Spans, log records and metrics of workers.
  var telemetry = TelemetryStore()
  /// How far the clock on the wall, in milliseconds since 1970, is before the state's. To be set before an event.
  package var wallClockOffset = 0
  var access = AccessTable()

  /// When the set of functions is looked at next; nil while nothing is bound to it.
  var functionsPoll: Int?
  /// The set that was there the last time.
  var polledFunctions: Set<FunctionKey> = []

  var effects: [EngineEffect] = []

  /// An engine without workers.
  package init(
    options: EngineOptions = EngineOptions(), startedAt: Int = 0,
    environment: @escaping (String) -> String? = { _ in nil },
    makeID: @escaping () -> InvocationID
  ) {
    self.environment = environment
    self.options = options
    self.startedAt = startedAt
    self.makeID = makeID
  }

  /// Which engine version this one behaves like.
  var compatibility: Compatibility { options.compatibility }

  /// What the events since the last call ask for.
  package mutating func takeEffects() -> [EngineEffect] {
    defer { effects.removeAll(keepingCapacity: true) }
    return effects
  }

  /// When ``timeReached(_:)`` is to be called; nil for never.
  package var nextDeadline: Int? {
    let awaited = awaitedBindings.values.map(\.deadline).min()
    let cron = cron.deadline(offset: wallClockOffset)
    let others = [functionsPoll, awaited, cron, channels.nextSweep, telemetry.traceDeadline]
    return ([graceDeadlines.first?.time, retries.first?.time] + others).compactMap(\.self).min()
  }

  /// Applies what was held back long enough, and delivers again what failed.
  package mutating func timeReached(_ now: Int) {
    while let first = graceDeadlines.first, first.time <= now {
      graceDeadlines.removeFirst()
      graceEnded(first.connection, now)
    }
    while let first = retries.first, first.time <= now {
      retries.removeFirst()
      deliver(first.job, now)
    }
    for (id, awaited) in awaitedBindings where awaited.deadline <= now {
      awaitedBindings[id] = nil
      conclude(awaited.invocation, result: ["id": .string(id)], error: nil, now)
    }
    if let poll = functionsPoll, poll <= now { pollFunctions(now) }
    if let sweep = channels.nextSweep, sweep <= now { channels.sweep(now: now) }
    if let deadline = cron.deadline(offset: wallClockOffset), deadline <= now { fireCron(now) }
    if let deadline = telemetry.traceDeadline, deadline <= now { reportTraces(now) }
  }

  /// The time of day at `now`, in milliseconds since 1970.
  func wallClock(_ now: Int) -> Int { now + wallClockOffset }
}
