import III
import LocalProtocol

/// One request of a client whose response is not due at once.
struct CallRecord {
  /// What the response waits for.
  enum Phase {
    /// The engine's answer; nil until the link has taken the call.
    case sent(CallID?)
    /// The connection to the engine; the line is kept.
    case parked(Parked)
    /// A function's registration to be confirmed.
    case registration(function: Int)
  }

  /// A call that waits for the engine to be connected.
  struct Parked {
    let text: [UInt8]
    let members: InvocationMembers
    let action: CallAction
    let timeoutMilliseconds: Int
  }

  let reply: ReplyAddress
  var phase: Phase
  /// The function that is called, for errors.
  let functionID: String?
  /// Where this record stands in its client's list.
  var position = 0
}
