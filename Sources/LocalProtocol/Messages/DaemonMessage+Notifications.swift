package import Bytes
import RawJSON

extension DaemonMessage {
  /// Why an answer is no longer wanted.
  package enum CancelReason: String, Sendable {
    /// The worker took too long.
    case deadline
    /// Nobody waits any more.
    case callerGone = "caller_gone"
    /// The engine went away.
    case linkLost = "link_lost"
    /// The daemon is ending.
    case drain
  }

  /// The notification `cancel`: the answer to `"d<number>"` is no longer wanted.
  package static func cancel(_ number: Int, _ reason: CancelReason, to output: inout ByteBuffer) {
    output.append("{\"jsonrpc\":\"2.0\",\"method\":\"cancel\",\"params\":{\"id\":\"d")
    output.append(integer: number)
    output.append("\",\"reason\":\"")
    output.append(reason.rawValue)
    output.append("\"}}\n")
  }

  /// The notification `drain`: no more invocations come; answers count for `deadline` more milliseconds.
  package static func drain(reason: String, deadline: Int, to output: inout ByteBuffer) {
    output.append("{\"jsonrpc\":\"2.0\",\"method\":\"drain\",\"params\":{\"reason\":")
    output.append(jsonString: reason)
    output.append(",\"deadline_ms\":")
    output.append(integer: deadline)
    output.append("}}\n")
  }
}
