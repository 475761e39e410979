/// Where the members of one invocation stand in a text, so that they are carried on without being decoded.
///
/// Each range is one whole JSON value of the text that is handed along; strings with their quotes. It goes from hand to
/// hand with every message, so it is kept small: a text has less than 4 GiB.
package struct InvocationMembers: Equatable, Sendable {
  private var function: TextRange
  private var argument = TextRange()
  private var sidecar = TextRange()
  private var space = TextRange()
  private var trace = TextRange()
  private var bag = TextRange()
  private var target = TextRange()

  /// Whether a raw LF or CR may stand in the text, so that it has to be flattened before it goes on a line.
  package var hasNewlines = false

  /// An invocation of the function whose id stands in `functionID`, with nothing else.
  package init(functionID: Range<Int>) { function = TextRange(functionID) }

  /// The function's id, a JSON string.
  package var functionID: Range<Int> {
    get { function.wholeRange }
    set { function = TextRange(newValue) }
  }

  /// The argument, any JSON value; nil is sent as null.
  package var payload: Range<Int>? {
    get { argument.range }
    set { argument = TextRange(newValue) }
  }

  /// The opaque sidecar, any JSON value.
  package var metadata: Range<Int>? {
    get { sidecar.range }
    set { sidecar = TextRange(newValue) }
  }

  /// The namespace that the caller named, a JSON string.
  package var namespace: Range<Int>? {
    get { space.range }
    set { space = TextRange(newValue) }
  }

  /// The W3C trace context, a JSON string.
  package var traceparent: Range<Int>? {
    get { trace.range }
    set { trace = TextRange(newValue) }
  }

  /// The W3C baggage, a JSON string.
  package var baggage: Range<Int>? {
    get { bag.range }
    set { bag = TextRange(newValue) }
  }

  /// For `enqueue`: the queue's name, a JSON string.
  package var queue: Range<Int>? {
    get { target.range }
    set { target = TextRange(newValue) }
  }
}
