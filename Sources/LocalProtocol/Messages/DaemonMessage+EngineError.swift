package import Bytes
import RawJSON

extension DaemonMessage {
  /// An answer with an error that came from the engine, whose strings are carried as the bytes that stand in `text`.
  ///
  /// `code`, `message` and `stacktrace` are JSON strings with their quotes; `functionID` is the function that was called,
  /// and `invocationID` the two halves of the call's UUID, where that is known.
  package static func engineError(
    _ id: RequestID, _ text: Span<UInt8>, code: Range<Int>, message: Range<Int>, stacktrace: Range<Int>?,
    functionID: String? = nil, invocationID: (high: UInt64, low: UInt64)? = nil, to output: inout ByteBuffer
  ) {
    let name = String(jsonToken: text.extracting(code)) ?? ""
    let row = LocalError.Row(engineCode: name)
    begin(id, &output)
    output.append("\"error\":{\"code\":")
    output.append(integer: row.number)
    output.append(",\"message\":\"")
    append(inside(code), text, &output)
    output.append(": ")
    append(inside(message), text, &output)
    output.append("\",\"data\":{\"code\":")
    append(code, text, &output)
    output.append(",\"source\":\"")
    output.append(LocalError.Source(engineCode: name, functionID: functionID).rawValue)
    output.append(row.isRetryable ? "\",\"retryable\":true" : "\",\"retryable\":false")
    if let functionID {
      output.append(",\"function_id\":")
      output.append(jsonString: functionID)
    }
    if let invocationID {
      output.append(",\"invocation_id\":\"")
      output.append(uuid: invocationID.high, invocationID.low)
      output.append(UInt8(ascii: "\""))
    }
    if let stacktrace {
      output.append(",\"stacktrace\":")
      append(stacktrace, text, &output)
    }
    output.append("}}}\n")
  }

  private static func inside(_ token: Range<Int>) -> Range<Int> {
    (token.lowerBound &+ 1)..<(token.upperBound &- 1)
  }

  /// Errors are rare: what could break the line is looked for, whatever the sender of the frame checked.
  private static func append(_ range: Range<Int>, _ text: Span<UInt8>, _ output: inout ByteBuffer) {
    output.append(json: text.extracting(range), flattening: true)
  }
}
