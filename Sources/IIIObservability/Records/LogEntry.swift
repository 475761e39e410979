/// A log line on its way out.
package struct LogEntry: Sendable, Equatable {
  /// In nanoseconds since 1970.
  package var time: UInt64
  package var level: LogLevel
  package var message: String
  /// The logger's name.
  package var logger: String
  package var data: AttributeValue?
  /// The span that it was written in.
  package var span: SpanContext?

  package init(
    time: UInt64, level: LogLevel, message: String, logger: String, data: AttributeValue? = nil,
    span: SpanContext? = nil
  ) {
    self.time = time
    self.level = level
    self.message = message
    self.logger = logger
    self.data = data
    self.span = span
  }

  /// About how many bytes it takes in memory.
  var size: Int { 200 + message.utf8.count + logger.utf8.count + (data?.size ?? 0) }
}

extension AttributeValue {
  /// About how many bytes it takes in memory.
  var size: Int {
    switch self {
    case .null, .bool, .int, .double: 16
    case .string(let text): 16 + text.utf8.count
    case .array(let elements): elements.reduce(16) { $0 + $1.size }
    case .object(let members): members.reduce(16) { $0 + 16 + $1.key.utf8.count + $1.value.size }
    }
  }
}
