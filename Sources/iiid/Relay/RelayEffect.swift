import III
import LocalProtocol

/// What ``RelayState`` orders and ``Relay`` carries out, in order, while the text of the event still stands.
enum RelayEffect {
  // To clients.
  case reply(ReplyAddress, Reply)
  case invoke(ClientID, Invoke)
  case bind(ClientID, serial: Int, ServedBinding, isUndoing: Bool)
  case cancelInvocation(ClientID, serial: Int, DaemonMessage.CancelReason)
  case announceDrain(ClientID, reason: String, deadlineMilliseconds: Int)
  /// The client has nothing more to say and to get: close once everything is written.
  case finish(ClientID)

  // To the channels.
  /// The request is not to be answered any more.
  case forgetChannelCall(Int)
  /// It has waited long enough.
  case channelCallExpired(Int)

  // To the engine.
  case submit(call: Int, InvocationMembers, CallAction, timeoutMilliseconds: Int, stored: [UInt8]?)
  case forget(CallID)
  case answer(IncomingInvocation, token: [UInt8], Answer)
  case register(id: String, definition: [UInt8])
  case unregister(id: String)
  case registerTrigger(id: String, TriggerDefinition)
  case unregisterTrigger(id: String)
  case registerTriggerType(id: String, TriggerTypeDefinition)
  case unregisterTriggerType(id: String)
  case answerTrigger(IncomingTrigger, TriggerFailure?)

  // To those who are told of all.
  case observed(Observation)

  /// Everything that was in flight at the drain has its outcome.
  case drained

  /// The content of a response.
  enum Reply {
    /// A range of the event's text, as it stands; nil for null.
    case raw(Range<Int>?, flattening: Bool)
    /// The engine's or a worker's error, as JSON string tokens of the event's text.
    case tokens(code: Range<Int>, message: Range<Int>, stacktrace: Range<Int>?, functionID: String?, UUIDBits?)
    case error(LocalError)
    case accepted(isBuffered: Bool)
    case logged(isBuffered: Bool)
    case registration(function: Int)
    case triggerType(id: String, RegistrationState)
    case trigger(id: String, TriggerRecord.State, isDurable: Bool)
    case unregistered(isRemoved: Bool, instances: Int)
    case cancelled(Bool)
    case draining(inFlight: Int)
    /// What the daemon tells of itself.
    case report(Report)
  }

  /// An invocation for a worker.
  struct Invoke {
    let serial: Int
    let incoming: IncomingInvocation
    let members: InvocationMembers
    let token: [UInt8]
    let timeoutMilliseconds: Int?
    /// The text that the members are ranges of, when it is not the event's.
    let stored: [UInt8]?
  }

  /// An outcome for the engine.
  enum Answer {
    /// A range of the event's text.
    case result(Range<Int>)
    /// The worker's error: JSON string tokens of the event's text.
    case failure(WorkerFailure)
    case error(code: String, message: String)
  }
}
