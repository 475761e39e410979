package import Bytes
import RawJSON

extension DaemonMessage {
  /// The notification `channel_end`, the last line of a connection that was a channel's writing end: the engine has taken
  /// all `count` bytes.
  package static func channelEnd(byteCount count: Int, to output: inout ByteBuffer) {
    output.append("{\"jsonrpc\":\"2.0\",\"method\":\"channel_end\",\"params\":{\"bytes\":")
    output.append(integer: count)
    output.append("}}\n")
  }
}
