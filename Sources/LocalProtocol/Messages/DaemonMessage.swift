package import Bytes
import RawJSON

/// Writers of what the daemon sends to a local program: each appends exactly one line, LF included (local protocol,
/// sections 1 to 5).
package enum DaemonMessage {
  /// An answer with a JSON value that is carried as it stands; with `flattening`, a raw LF or CR between its tokens
  /// becomes a space.
  package static func result(
    _ id: RequestID, _ value: Span<UInt8>, flattening: Bool = false, to output: inout ByteBuffer
  ) {
    begin(id, &output)
    output.append(literal: "\"result\":")
    output.append(json: value, flattening: flattening)
    output.append(literal: "}\n")
  }

  /// An answer whose value `body` writes: one JSON value without LF and CR.
  package static func result(_ id: RequestID, to output: inout ByteBuffer, _ body: (inout ByteBuffer) -> Void) {
    begin(id, &output)
    output.append(literal: "\"result\":")
    body(&output)
    output.append(literal: "}\n")
  }

  /// An answer with an error; id nil, where the request's is not known, is written as null.
  package static func error(_ id: RequestID?, _ error: LocalError, to output: inout ByteBuffer) {
    begin(id, &output)
    output.append(literal: "\"error\":")
    error.write(to: &output)
    output.append(literal: "}\n")
  }

  static func begin(_ id: RequestID?, _ output: inout ByteBuffer) {
    output.append(literal: "{\"jsonrpc\":\"2.0\",\"id\":")
    if let id { id.write(to: &output) } else { output.append(literal: "null") }
    output.append(UInt8(ascii: ","))
  }
}
