import Bytes
import Transport

/// Writes log lines to the engine, where they are stored and fire triggers of the type `log`.
///
/// Within a handler, the lines go the way of its worker and name the handler's span. Anywhere else, and when the worker's
/// telemetry is off, they are written to standard error. A value, to be made wherever it is needed; writing never waits.
public struct Logger: Sendable {
  /// Goes with each line as its `service.name`.
  public let name: String
  private let sink: TelemetrySink?

  /// A logger of that name, which writes by way of the worker whose handler it is used in.
  public init(name: String = "") {
    self.name = name
    sink = nil
  }

  /// A logger that writes into `sink` wherever it is used; nil: as ``init(name:)``.
  package init(name: String, sink: TelemetrySink?) {
    self.name = name
    self.sink = sink
  }

  /// Writes a line for those who look for a fault.
  ///
  /// - Parameters:
  ///   - message: What there is to say.
  ///   - data: What belongs to it.
  public func debug(_ message: String, data: AttributeValue? = nil) { write(.debug, message, data) }

  /// Writes a line about what goes its normal way.
  ///
  /// - Parameters:
  ///   - message: What there is to say.
  ///   - data: What belongs to it.
  public func info(_ message: String, data: AttributeValue? = nil) { write(.info, message, data) }

  /// Writes a line about what somebody should look at.
  ///
  /// - Parameters:
  ///   - message: What there is to say.
  ///   - data: What belongs to it.
  public func warn(_ message: String, data: AttributeValue? = nil) { write(.warning, message, data) }

  /// Writes a line about what went wrong.
  ///
  /// - Parameters:
  ///   - message: What there is to say.
  ///   - data: What belongs to it.
  public func error(_ message: String, data: AttributeValue? = nil) { write(.error, message, data) }

  package func write(_ level: LogLevel, _ message: String, _ data: AttributeValue?) {
    let scope = TelemetryScope.current
    guard let sink = sink ?? scope?.sink else { return StandardStream.error.write(line(level, message, data) + "\n") }
    sink.append(
      LogEntry(
        time: WallClock.nanoseconds, level: level, message: message, logger: name, data: data, span: scope?.span))
  }

  /// The line for standard error: one line, whatever is in it.
  func line(_ level: LogLevel, _ message: String, _ data: AttributeValue?) -> String {
    var buffer = ByteBuffer()
    if let data {
      buffer.append(" ")
      buffer.append(plain: data)
    }
    let text = "\(name.isEmpty ? "iii" : name): \(level.text.lowercased()): \(message)"
    let flat = text.map { $0.isNewline ? " " : $0 }
    return String(flat) + (String(utf8: buffer.span) ?? "")
  }
}
