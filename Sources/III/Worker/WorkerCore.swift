import IIIObservability
import Transport

/// What a ``Worker`` does on its loop: a plain object, so that everything in it is synchronous.
///
/// Owned by its worker, made and used on the loop's thread only. Owns the link, the handlers and everybody who waits.
final class WorkerCore {
  let loop: EventLoop
  let link: EngineLink
  /// Answers come back through it; weak, because it owns us.
  weak var worker: Worker?

  /// The registered functions.
  var functions: [String: ServedFunction] = [:]
  /// The handlers that run.
  var invocations = InvocationTable()
  /// Who waits for the result of a call, by the call's context.
  var calls: [Int: Call] = [:]
  /// The calls that wait for a connection.
  var waiting = WaitingCalls()
  var waitTimer: Timer?
  /// Who hears of the engine's events, by the ids of their functions.
  var feeds: [String: EventFeed] = [:]
  /// The triggers of this worker.
  var ownTriggers = OwnTriggers()
  /// The handlers of the trigger types that this worker provides.
  var triggerHandlers: [String: TypeErasedTriggerHandler] = [:]
  /// The triggers that they serve.
  var servedTriggers = ServedTriggers<ServedTrigger>()
  /// The ends of channels that are in use, by the number that a reader or writer has.
  var receivers: [Int: ChannelReceiver] = [:]
  var senders: [Int: ChannelSender] = [:]
  /// Who waits for the first connection.
  var connecting: CheckedContinuation<Void, any Error>?
  var connectTimer: Timer?
  /// Where the worker is on its way to its end.
  var ending = Ending.none
  var drainDeadline: MonotonicTime?
  var drainTimer: Timer?
  /// Who waits for the end.
  var stopping: [CheckedContinuation<Void, Never>] = []
  var running: [CheckedContinuation<Void, any Error>] = []
  /// Who is told of every state.
  var listeners: [Int: AsyncStream<ConnectionState>.Continuation] = [:]
  var nextListener = 0
  /// The state that the listeners were told last.
  var toldState = ConnectionState.disconnected
  /// What is told of calls and of the process; nil when nothing is.
  var telemetry: TelemetryExporter?
  /// Where people are told.
  let log: WorkerLog
  var logLimit = LogLimit()

  /// Where a worker is on its way to its end.
  enum Ending {
    /// It is not.
    case none
    /// Nothing new is taken, and running handlers may finish.
    case draining
    /// The link is being shut down.
    case closing
    /// It is over.
    case over
  }

  /// One call in flight, or one that waits for a connection.
  struct Call {
    var functionID: String
    /// What its caller asked for, in milliseconds.
    var timeout: Int
    /// Once it was sent.
    var id: CallID?
    var waiter: CallWaiter
  }

  init(loop: EventLoop, options: LinkOptions, log: WorkerLog, worker: Worker) {
    self.loop = loop
    self.log = log
    self.worker = worker
    link = EngineLink(loop: loop, options: options)
    link.owner = self
  }

  deinit {
    link.owner = nil
    endFeeds()
    for listener in listeners.values { listener.finish() }
  }

  /// The compiler does not see everything that leaves an actor.
  func checkThread() { precondition(EventLoop.current === loop, "not on the loop's thread") }
}
