import III
import Transport

/// One invocation that the engine has handed to us, until its one outcome is given and, where a worker has its line,
/// that worker has answered.
struct InvocationRecord {
  /// Where it stands.
  enum Phase {
    /// Waits for a free worker; the frame's text is kept.
    case queued
    /// A worker has its line, and the engine waits.
    case running
    /// The engine has its outcome, or is gone, but the worker that has the line has not answered: it is still busy.
    case abandoned
  }

  let incoming: IncomingInvocation
  let members: InvocationMembers
  /// The function's id as a JSON string token, for the answer.
  let token: [UInt8]
  /// The slot of the function; another function may be there once ours is gone.
  let function: Int
  let functionID: String
  /// When it came in.
  let startedAt: MonotonicTime
  /// How long its worker may take, as the function said when it came in.
  let timeoutMilliseconds: Int?
  var phase = Phase.queued
  /// While it is queued: the frame.
  var text: [UInt8] = []
  /// The worker that has its line.
  var client = ClientID.none
  /// The number in the id `d<serial>` of the request at the worker.
  var serial = 0
}

extension InvocationRecord: SlabElement {
  static var vacant: InvocationRecord {
    InvocationRecord(
      incoming: IncomingInvocation(id: UUIDBits(high: 0, low: 0), generation: 0),
      members: InvocationMembers(functionID: 0..<0), token: [], function: -1, functionID: "",
      startedAt: .distantFuture, timeoutMilliseconds: nil)
  }
}
