/// A trigger type that the engine itself provides, in the namespace `default`.
struct OwnTriggerType {
  /// The name of the engine's part that provides it, as lists show it.
  let worker: String
  let description: String

  /// All of them by id; ``http`` is there only when the engine serves HTTP.
  static let table = [
    EngineState.workersAvailable: OwnTriggerType(
      worker: Builtin.functionsWorker, description: "Fires when a worker connects, announces itself, or goes"),
    EngineState.functionsAvailable: OwnTriggerType(
      worker: Builtin.functionsWorker, description: "Fires when the set of functions has changed"),
    http: OwnTriggerType(worker: "iii-http", description: "Fires for a request of that method to that path"),
    cron: OwnTriggerType(worker: "iii-cron", description: "Fires at the times of a cron expression"),
    log: OwnTriggerType(worker: Builtin.observabilityWorker, description: "Fires for a log record of a level or above"),
    trace: OwnTriggerType(worker: Builtin.observabilityWorker, description: "Fires when traces got spans"),
  ]

  static let http = "http"
  static let cron = "cron"
  static let log = "log"
  static let trace = "trace"
}

extension EngineState {
  /// The engine's own trigger type of that id; nil when there is none.
  func ownTriggerType(_ id: String) -> OwnTriggerType? {
    id != OwnTriggerType.http || options.httpTriggers ? OwnTriggerType.table[id] : nil
  }

  /// Begins to provide a binding of one of the engine's own types, in place of a former one with the same id.
  ///
  /// - Returns: What is wrong with its configuration: then nothing was begun (engine protocol, section 4.2).
  mutating func provide(_ binding: TriggerBinding, _ now: Int) -> ErrorBody? {
    do {
      switch binding.triggerType {
      case OwnTriggerType.cron: try provideCron(binding, now)
      case OwnTriggerType.http: try provideHTTP(binding)
      case OwnTriggerType.log: try LogTrigger.check(binding.config)
      case Self.functionsAvailable: watchFunctions(now)
      default: break
      }
      return nil
    } catch {
      return ErrorBody(code: "trigger_registration_failed", message: "\(error)")
    }
  }

  /// Ends what ``provide(_:_:)`` began.
  mutating func endProviding(_ id: String) {
    cron.jobs[id] = nil
    httpTriggers.routes[id] = nil
  }

  /// What a call that one of the engine's own triggers made has come to.
  mutating func triggerCalled(_ call: OwnTriggerCall, result: JSONValue?, error: ErrorBody?, _ now: Int) {
    switch call {
    case .cronCondition(let id, let payload): cronConditionAnswered(id, payload, result, error, now)
    case .cron(let id): cronEnded(id, error, now)
    case .httpCondition(let number): httpConditionAnswered(number, result, error, now)
    case .http(let number): httpAnswered(number, result, error)
    }
  }

  /// Calls a function for a binding: within the trace that the event belongs to, else in one of its own.
  mutating func call(
    _ function: String, for binding: TriggerBinding, _ data: JSONValue, metadata: JSONValue? = nil,
    trace: TraceContext = TraceContext(), as call: OwnTriggerCall, _ now: Int
  ) {
    dispatch(
      OutgoingInvocation(
        id: makeID(), functionID: function, data: data, trace: trace.entering(span: makeID()),
        metadata: metadata),
      to: FunctionKey(namespace: binding.namespace, id: function), from: nil, for: .ownTrigger(call), nil, now)
  }
}
