/// What can be chosen about an engine.
package struct EngineOptions: Equatable, Sendable {
  /// Who takes enqueued calls when no worker provides `engine::queue::enqueue`.
  package enum Queue: String, CaseIterable, Sendable {
    /// Nobody, as with a real engine without a queue worker: `enqueue_error`.
    case none
    /// A queue in memory, which is lost with the process.
    case memory
  }

  /// How long a connection's registrations wait for its announce, in milliseconds; 0 applies them to `default` at once.
  package var graceMilliseconds = 5000
  package var queue = Queue.none
  /// Which engine version it behaves like.
  package var compatibility = Compatibility.current
  /// Which functions may be called over HTTP.
  package var httpFunctions = HTTPFunctionRule.strict
  /// Whether the trigger type `http` exists: whether somebody serves HTTP for it.
  package var httpTriggers = false
  /// Whether the function `dev::control` exists.
  package var testHooks = false

  package init() {}
}
