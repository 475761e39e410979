import III

/// One invocation that the engine has handed to us, until its one outcome is given and, where a worker has its line,
/// that worker has answered.
struct InvocationRecord {
  /// Where it stands.
  enum Phase {
    /// Waits for a free worker; the frame's text is kept.
    case queued([UInt8])
    /// A worker has its line, and the engine waits.
    case running(ClientID)
    /// The engine has its outcome, but the worker that has the line has not answered: it is still busy.
    case abandoned(ClientID)
  }

  let incoming: IncomingInvocation
  let members: InvocationMembers
  /// The function's id as a JSON string token, for the answer.
  let token: [UInt8]
  /// The slot of the function; another function may be there once ours is gone.
  let function: Int
  let functionID: String
  var phase: Phase
  /// The number in the id `d<serial>` of the request at the worker.
  var serial = 0
}
