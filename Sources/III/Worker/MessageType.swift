/// Every frame of the engine's wire, by the name that it has there (engine protocol, section 2).
public enum MessageType: String, Sendable, CaseIterable {
  /// The engine's greeting.
  case workerRegistered = "workerregistered"
  /// A worker takes over from its former connection.
  case reattach
  /// A function is offered.
  case registerFunction = "registerfunction"
  /// A function is taken back.
  case unregisterFunction = "unregisterfunction"
  /// A group of functions is named; sent by nobody today.
  case registerService = "registerservice"
  /// A trigger type is offered.
  case registerTriggerType = "registertriggertype"
  /// A trigger type is taken back.
  case unregisterTriggerType = "unregistertriggertype"
  /// A function is bound to a trigger type; the engine passes it on to the type's provider.
  case registerTrigger = "registertrigger"
  /// What the provider of a trigger type says to a binding.
  case triggerRegistrationResult = "triggerregistrationresult"
  /// A binding is taken back.
  case unregisterTrigger = "unregistertrigger"
  /// A call.
  case invokeFunction = "invokefunction"
  /// The end of a call.
  case invocationResult = "invocationresult"
  /// A function, or the worker, was refused.
  case registrationRejected = "registrationrejected"
  /// To be answered with a pong.
  case ping
  /// The answer to a ping.
  case pong
  /// The engine refused the connection.
  case error

  // Engines and SDKs from 0.25 on, among themselves (engine protocol, section 9.4).

  /// A function is to be observed.
  case observe
  /// A function is to be observed no more.
  case unobserve
  /// The owner of a function has taken note of an observer.
  case observerAck = "observerack"
  /// Calls that a worker has made of its own functions.
  case invocationsObserved = "invocationsobserved"
  /// How many such calls there were.
  case localInvocationStats = "localinvocationstats"
  /// A function was taken.
  case functionRegistered = "functionregistered"
  /// A function has one more observer.
  case observerAdded = "observeradded"
  /// A function has one observer less.
  case observerRemoved = "observerremoved"
  /// What became of a wish to observe.
  case observeResult = "observeresult"
  /// An observer is in another state.
  case observerStateChanged = "observerstatechanged"
}
