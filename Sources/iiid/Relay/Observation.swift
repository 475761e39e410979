import III
import LocalProtocol
import Transport

/// One call or invocation that is over, for those who are told of all: what it was and how it ended, not what was said.
struct Observation {
  /// Who asked whom.
  enum Direction: String {
    /// The engine asked a local worker.
    case incoming = "in"
    /// A local program asked the engine.
    case outgoing = "out"
  }

  /// How it ended.
  enum Outcome {
    /// With a value.
    case ok
    /// Nobody waits for a value.
    case accepted
    /// With an error of this code.
    case error(code: String)
    /// With a worker's or the engine's error, whose code is a JSON string token of the event's text; nil when it gave none.
    case failure(code: Range<Int>?)
    /// Nobody was told: the connection over which the outcome would have gone is no more.
    case lost
  }

  let direction: Direction
  let functionID: String
  /// The engine's id, once there is one.
  let invocation: UUIDBits?
  /// The worker that had it, or the caller.
  let client: ClientID?
  let startedAt: MonotonicTime
  let outcome: Outcome
}
