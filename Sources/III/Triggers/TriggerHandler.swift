/// The provider of a trigger type: it is told which triggers there are, and calls their functions when something happens
/// (``TriggerConfig/fire(_:)``).
///
/// Calls for different triggers come at the same time. Those for one trigger follow each other, and alternate: a trigger
/// that was taken is ended before it is registered again. That happens when its binder changes it, and for every trigger
/// when the connection is made anew: an engine asks for all of them again. Triggers that the engine has forgotten
/// meanwhile are ended, and so are all when the type is unregistered or the worker is shut down.
public protocol TriggerHandler<Config>: Sendable {
  /// What a trigger is configured with. A trigger whose configuration is none is refused without asking the handler;
  /// ``JSON`` takes every one.
  associatedtype Config: Codable & Sendable = JSON

  /// A function wants to be called. What is thrown refuses the trigger: its binder is told an ``InvocationError``'s code
  /// and message, and anything else as `trigger_registration_failed`.
  func registerTrigger(_ trigger: TriggerConfig<Config>) async throws

  /// A trigger that was registered is no more. What is thrown is logged.
  func unregisterTrigger(_ trigger: TriggerConfig<Config>) async throws
}
