/// A piece of work with its beginning and its end, as OTLP has it (engine protocol, section 7.2).
package struct SpanRecord: Sendable, Equatable {
  /// What kind of work it is, by OTLP's numbers.
  package enum Kind: Int, Sendable {
    case internalWork = 1
    case server = 2
    case client = 3
  }

  /// How it came out.
  package enum Status: Sendable, Equatable {
    case unset
    case ok
    case error(String)
  }

  /// Something that happened within it.
  package struct Event: Sendable, Equatable {
    package var name: String
    /// In nanoseconds since 1970.
    package var time: UInt64
    package var attributes: [Attribute]

    package init(_ name: String, time: UInt64, attributes: [Attribute]) {
      self.name = name
      self.time = time
      self.attributes = attributes
    }
  }

  package var name: String
  package var context: SpanContext
  /// The span that it is a part of; nil for the root of a trace.
  package var parent: UInt64?
  package var kind = Kind.internalWork
  /// In nanoseconds since 1970.
  package var start: UInt64
  /// In nanoseconds since 1970.
  package var end: UInt64
  package var attributes: [Attribute] = []
  package var events: [Event] = []
  package var status = Status.unset

  package init(name: String, context: SpanContext, parent: UInt64?, start: UInt64, end: UInt64) {
    self.name = name
    self.context = context
    self.parent = parent
    self.start = start
    self.end = end
  }
}
