/// A function that the engine itself provides, in the namespace `default` (engine protocol, section 5).
struct Builtin: Sendable {
  /// The name of the engine's part that provides it, as lists show it.
  let worker: String
  let description: String
  /// Does it. Throws an ``ErrorBody`` for the caller, or a ``DecodingFailure`` for an input of the wrong form.
  let run: @Sendable (inout EngineState, BuiltinCall) throws -> BuiltinOutcome

  /// All of them by id; `dev::control` exists only with the test hooks.
  static let table: [String: Builtin] = [
    "engine::workers::register": Builtin(
      worker: functionsWorker, description: "Announces a worker", run: { try $0.registerWorker($1) }),
    "engine::workers::list": Builtin(
      worker: functionsWorker, description: "Lists the workers", run: { try $0.listWorkers($1) }),
    "engine::workers::info": Builtin(
      worker: functionsWorker, description: "Describes one worker", run: { try $0.describeWorker($1) }),
    "engine::functions::list": Builtin(
      worker: functionsWorker, description: "Lists the functions", run: { try $0.listFunctions($1) }),
    "engine::functions::info": Builtin(
      worker: functionsWorker, description: "Describes functions", run: { try $0.describeFunctions($1) }),
    "engine::triggers::list": Builtin(
      worker: functionsWorker, description: "Lists the trigger types", run: { try $0.listTriggerTypes($1) }),
    "engine::registered-triggers::list": Builtin(
      worker: functionsWorker, description: "Lists the bindings", run: { try $0.listBindings($1) }),
    "engine::triggers::info": Builtin(
      worker: functionsWorker, description: "Describes one trigger type", run: { try $0.describeTriggerType($1) }),
    "engine::registered-triggers::info": Builtin(
      worker: functionsWorker, description: "Describes one binding", run: { try $0.describeBinding($1) }),
    "engine::register_trigger": Builtin(
      worker: functionsWorker, description: "Binds a function to a trigger type", run: { try $0.registerTrigger($1) }),
    "engine::unregister_trigger": Builtin(
      worker: functionsWorker, description: "Ends a binding", run: { try $0.unregisterTrigger($1) }),
    "engine::channels::create": Builtin(
      worker: functionsWorker, description: "Makes a channel", run: { try $0.createChannel($1) }),
    "engine::baggage::get": Builtin(
      worker: observabilityWorker, description: "Reads one value of the call's baggage", run: { try $0.getBaggage($1) }),
    "engine::baggage::get_all": Builtin(
      worker: observabilityWorker, description: "Reads the call's baggage", run: { try $0.getAllBaggage($1) }),
    "engine::baggage::set": Builtin(
      worker: observabilityWorker, description: "Changes a value for this call only", run: { try $0.setBaggage($1) }),
    "engine::log::trace": Builtin(
      worker: observabilityWorker, description: "Logs at level trace", run: { try $0.logLine($1) }),
    "engine::log::debug": Builtin(
      worker: observabilityWorker, description: "Logs at level debug", run: { try $0.logLine($1) }),
    "engine::log::info": Builtin(
      worker: observabilityWorker, description: "Logs at level info", run: { try $0.logLine($1) }),
    "engine::log::warn": Builtin(
      worker: observabilityWorker, description: "Logs at level warn", run: { try $0.logLine($1) }),
    "engine::log::error": Builtin(
      worker: observabilityWorker, description: "Logs at level error", run: { try $0.logLine($1) }),
    "engine::traces::list": Builtin(
      worker: observabilityWorker, description: "Lists stored spans", run: { try $0.listTraces($1) }),
    "engine::traces::tree": Builtin(
      worker: observabilityWorker, description: "Shows one trace as a tree", run: { try $0.traceTree($1) }),
    "engine::traces::group_by": Builtin(
      worker: observabilityWorker, description: "Groups traces by an attribute", run: { try $0.groupTraces($1) }),
    "engine::traces::clear": Builtin(
      worker: observabilityWorker, description: "Forgets all spans", run: { try $0.clearTraces($1) }),
    "engine::metrics::list": Builtin(
      worker: observabilityWorker, description: "Lists what workers measured", run: { try $0.listMetrics($1) }),
    "engine::logs::list": Builtin(
      worker: observabilityWorker, description: "Lists stored log records", run: { try $0.listLogs($1) }),
    "engine::logs::clear": Builtin(
      worker: observabilityWorker, description: "Forgets all log records", run: { try $0.clearLogs($1) }),
    "engine::sampling::rules": Builtin(
      worker: observabilityWorker, description: "Says which spans are kept", run: { try $0.describeSampling($1) }),
    "engine::health::check": Builtin(
      worker: observabilityWorker, description: "Says how much is stored", run: { try $0.checkHealth($1) }),
    control: Builtin(worker: "dev", description: "Carries out a test hook", run: { try $0.control($1) }),
  ]

  /// The id of the test hooks' function.
  static let control = "dev::control"

  static let functionsWorker = "iii-engine-functions"
  static let observabilityWorker = "iii-observability"
}

extension EngineState {
  /// The engine's own function of that name; nil when there is none.
  func builtin(_ key: FunctionKey) -> Builtin? {
    guard key.namespace == FunctionKey.defaultNamespace, key.id != Builtin.control || options.testHooks,
      !compatibility.missingBuiltins.contains(key.id)
    else { return nil }
    return Builtin.table[key.id]
  }
}
