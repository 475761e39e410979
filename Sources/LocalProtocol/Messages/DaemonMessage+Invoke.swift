package import Bytes
import RawJSON

extension DaemonMessage {
  /// What an `invoke` carries, as JSON tokens in the text that came from the engine.
  package struct Invocation {
    /// A JSON string with its quotes.
    package var functionID: Range<Int>
    /// Any JSON value; nil is sent as null.
    package var payload: Range<Int>?
    /// Any JSON value.
    package var metadata: Range<Int>?
    /// A JSON string; nil: the daemon's own namespace, which the caller of the writer hands along.
    package var namespace: Range<Int>?
    /// A JSON string.
    package var traceparent: Range<Int>?
    /// A JSON string.
    package var baggage: Range<Int>?

    /// Only what is required.
    package init(functionID: Range<Int>, payload: Range<Int>?) {
      self.functionID = functionID
      self.payload = payload
    }
  }

  /// The request `invoke`, with the id `"d<number>"`.
  ///
  /// `members` are ranges of `text`; `namespace` is for members that name none. `invocationID` is the engine's, as the
  /// two halves of a UUID. With `isVoid` nobody waits for the answer (which has to come all the same). `deadline` is how
  /// many milliseconds the answer is wanted for. With `flattening`, a raw LF or CR between tokens becomes a space.
  package static func invoke(
    _ number: Int, _ text: Span<UInt8>, _ members: Invocation, namespace: String,
    invocationID: (high: UInt64, low: UInt64)? = nil, isVoid: Bool = false, deadline: Int? = nil,
    flattening: Bool = false, to output: inout ByteBuffer
  ) {
    output.append("{\"jsonrpc\":\"2.0\",\"id\":\"d")
    output.append(integer: number)
    output.append("\",\"method\":\"invoke\",\"params\":{\"function_id\":")
    output.append(text.extracting(members.functionID))
    output.append(",\"namespace\":")
    if let range = members.namespace {
      output.append(text.extracting(range))
    } else {
      output.append(jsonString: namespace)
    }
    output.append(",\"payload\":")
    if let payload = members.payload {
      output.append(json: text.extracting(payload), flattening: flattening)
    } else {
      output.append("null")
    }
    if let metadata = members.metadata {
      output.append(",\"metadata\":")
      output.append(json: text.extracting(metadata), flattening: flattening)
    }
    if let invocationID {
      output.append(",\"invocation_id\":\"")
      output.append(uuid: invocationID.high, invocationID.low)
      output.append(UInt8(ascii: "\""))
    }
    if isVoid { output.append(",\"void\":true") }
    if let traceparent = members.traceparent {
      output.append(",\"traceparent\":")
      output.append(text.extracting(traceparent))
    }
    if let baggage = members.baggage {
      output.append(",\"baggage\":")
      output.append(text.extracting(baggage))
    }
    if let deadline {
      output.append(",\"deadline_ms\":")
      output.append(integer: deadline)
    }
    output.append("}}\n")
  }
}
