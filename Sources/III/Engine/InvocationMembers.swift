/// Where the members of one invocation stand in a text, so that they are carried on without being decoded.
///
/// Each range is one whole JSON value of the text that is handed along; strings with their quotes.
package struct InvocationMembers: Equatable, Sendable {
  /// The function's id, a JSON string.
  package var functionID: Range<Int>
  /// The argument, any JSON value; nil is sent as null.
  package var payload: Range<Int>?
  /// The opaque sidecar, any JSON value.
  package var metadata: Range<Int>?
  /// The namespace that the caller named, a JSON string.
  package var namespace: Range<Int>?
  /// The W3C trace context, a JSON string.
  package var traceparent: Range<Int>?
  /// The W3C baggage, a JSON string.
  package var baggage: Range<Int>?
  /// For `enqueue`: the queue's name, a JSON string.
  package var queue: Range<Int>?
  /// Whether a raw LF or CR may stand in the text, so that it has to be flattened before it goes on a line.
  package var hasNewlines = false

  /// An invocation of the function whose id stands in `functionID`, with nothing else.
  package init(functionID: Range<Int>) { self.functionID = functionID }
}
