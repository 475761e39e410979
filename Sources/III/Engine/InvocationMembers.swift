/// Where the members of one invocation stand in a text, so that they are carried on without being decoded.
///
/// Each range is one whole JSON value of the text that is handed along; strings with their quotes. It goes from hand to
/// hand with every message, so it is kept small: a text has less than 4 GiB.
package struct InvocationMembers: Equatable, Sendable {
  private var function: Place
  private var argument = Place()
  private var sidecar = Place()
  private var space = Place()
  private var trace = Place()
  private var bag = Place()
  private var target = Place()

  /// Whether a raw LF or CR may stand in the text, so that it has to be flattened before it goes on a line.
  package var hasNewlines = false

  /// An invocation of the function whose id stands in `functionID`, with nothing else.
  package init(functionID: Range<Int>) { function = Place(functionID) }

  /// The function's id, a JSON string.
  package var functionID: Range<Int> {
    get { Int(function.start)..<Int(function.end) }
    set { function = Place(newValue) }
  }

  /// The argument, any JSON value; nil is sent as null.
  package var payload: Range<Int>? {
    get { argument.range }
    set { argument = Place(newValue) }
  }

  /// The opaque sidecar, any JSON value.
  package var metadata: Range<Int>? {
    get { sidecar.range }
    set { sidecar = Place(newValue) }
  }

  /// The namespace that the caller named, a JSON string.
  package var namespace: Range<Int>? {
    get { space.range }
    set { space = Place(newValue) }
  }

  /// The W3C trace context, a JSON string.
  package var traceparent: Range<Int>? {
    get { trace.range }
    set { trace = Place(newValue) }
  }

  /// The W3C baggage, a JSON string.
  package var baggage: Range<Int>? {
    get { bag.range }
    set { bag = Place(newValue) }
  }

  /// For `enqueue`: the queue's name, a JSON string.
  package var queue: Range<Int>? {
    get { target.range }
    set { target = Place(newValue) }
  }
}

extension InvocationMembers {
  /// A range in half the size; no value ends at 0, so that stands for none.
  private struct Place: Equatable {
    var start: UInt32 = 0
    var end: UInt32 = 0

    init(_ range: Range<Int>? = nil) {
      guard let range else { return }
      start = UInt32(range.lowerBound)
      end = UInt32(range.upperBound)
    }

    var range: Range<Int>? { end == 0 ? nil : Int(start)..<Int(end) }
  }
}
