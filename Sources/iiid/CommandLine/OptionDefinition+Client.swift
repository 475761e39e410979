// The options of the commands that talk to a daemon.
extension OptionDefinition {
  /// The options of `iiid status` and `iiid health`.
  static let asking: [OptionDefinition] = [daemonSocket, answerTimeout, json]
  /// The options of `iiid wait`.
  static let wait: [OptionDefinition] = [daemonSocket, waitTimeout, waitEngine, waitFunction, waitNamespace]
  /// The options of `iiid call`.
  static let call: [OptionDefinition] = [
    daemonSocket, callTimeout, waitConnected, void, queue, durable, timeToLive, callNamespace, metadata, traceparent,
    baggage, raw,
    errorsAsJSON,
  ]
  /// The options of `iiid list`.
  static let list: [OptionDefinition] = [daemonSocket, answerTimeout, local, search, includeInternal, ids, json]
  /// The options of `iiid outbox`.
  static let outbox: [OptionDefinition] = [daemonSocket, answerTimeout, failed, after, allCalls, json]
  /// The options of `iiid reload`.
  static let reload: [OptionDefinition] = [daemonSocket, answerTimeout, json]
  /// The options of `iiid shutdown`.
  static let shutdown: [OptionDefinition] = [daemonSocket, answerTimeout, now, drainDeadline, noWait]

  static let daemonSocket = OptionDefinition(
    "socket", "PATH", variable: "IIID_SOCKET",
    fallback: "the first there is of iiid.sock in RUNTIME_DIRECTORY and XDG_RUNTIME_DIR/iiid, and /run/iiid/iiid.sock",
    summary: "the daemon's Unix socket")
  static let answerTimeout = OptionDefinition(
    "timeout-ms", "MS", fallback: "10000", summary: "how many milliseconds the daemon may take to answer")
  static let json = OptionDefinition("json", summary: "print the daemon's answer as it is, one line of JSON")

  // wait
  static let waitTimeout = OptionDefinition(
    "timeout-ms", "MS", fallback: "30000", summary: "how many milliseconds to wait at most; 0 looks once")
  static let waitEngine = OptionDefinition("engine", summary: "until the daemon is connected to its engine")
  static let waitFunction = OptionDefinition(
    "function", "FUNCTION", summary: "until there is a function of this id, of whichever worker")
  static let waitNamespace = OptionDefinition(
    "namespace", "NAME", fallback: "the daemon's", summary: "where --function is looked for")

  // call
  static let callTimeout = OptionDefinition(
    "timeout-ms", "MS", fallback: "30000", summary: "how many milliseconds the function may take")
  static let waitConnected = OptionDefinition(
    "wait-connected-ms", "MS", fallback: "0",
    summary: "how many milliseconds to wait for the engine when it is away, before failing")
  static let void = OptionDefinition("void", summary: "do not wait for the value: print that the call was accepted")
  static let queue = OptionDefinition(
    "queue", "NAME", summary: "put the call into this queue of the engine: print its receipt")
  static let durable = OptionDefinition(
    "durable", summary: "with --void or --queue: keep the call on the daemon's disk until the engine has it")
  static let timeToLive = OptionDefinition(
    "ttl-ms", "MS", fallback: "never", summary: "with --durable: after how many milliseconds it is given up")
  static let callNamespace = OptionDefinition(
    "namespace", "NAME", fallback: "the daemon's", summary: "the namespace of the function")
  static let metadata = OptionDefinition("metadata", "JSON", summary: "what travels beside the payload")
  static let traceparent = OptionDefinition(
    "traceparent", "TEXT", variable: "TRACEPARENT", summary: "the W3C trace that the call belongs to")
  static let baggage = OptionDefinition(
    "baggage", "TEXT", variable: "BAGGAGE", summary: "the W3C baggage of that trace")
  static let raw = OptionDefinition("raw", summary: "print a value that is a string as its characters, without quotes")
  static let errorsAsJSON = OptionDefinition(
    "json", summary: "print an error, on standard error, as one line of JSON")

  // list
  static let local = OptionDefinition("local", summary: "only what belongs to this daemon's own clients")
  static let search = OptionDefinition("search", "TEXT", summary: "only what has this in its name")
  static let includeInternal = OptionDefinition("internal", summary: "also what belongs to the engine itself")
  static let ids = OptionDefinition("ids", summary: "print the first column only, without a head: for scripts")

  // outbox
  static let failed = OptionDefinition("failed", summary: "list only calls that are not tried any more")
  static let after = OptionDefinition("after", "ID", fallback: "0", summary: "list only calls with a larger number")
  static let allCalls = OptionDefinition("all", summary: "drop also calls that are still tried")

  // shutdown
  static let now = OptionDefinition("now", summary: "do not wait for work in flight")
  static let drainDeadline = OptionDefinition(
    "deadline-ms", "MS", fallback: "the daemon's --drain-timeout-ms",
    summary: "how many milliseconds work in flight may run on")
  static let noWait = OptionDefinition("no-wait", summary: "return when the daemon has agreed, not when it has ended")
}
