// `import III` is enough for a logger.
@_exported public import IIIObservability

extension Worker {
  /// A logger whose lines go the way of this worker wherever it is used; to standard error when its telemetry is off.
  ///
  /// - Parameter name: Goes with each line as its `service.name`.
  /// - Returns: The logger, which may be used on any thread.
  public nonisolated func logger(name: String = "") -> Logger { Logger(name: name, sink: sink) }
}

extension Logger {
  /// Writes a line for those who look for a fault.
  ///
  /// - Parameters:
  ///   - message: What there is to say.
  ///   - data: What belongs to it; a value that cannot be encoded is named instead.
  public func debug(_ message: String, data: some Encodable) { write(.debug, message, AttributeValue(encoding: data)) }

  /// Writes a line about what goes its normal way.
  ///
  /// - Parameters:
  ///   - message: What there is to say.
  ///   - data: What belongs to it; a value that cannot be encoded is named instead.
  public func info(_ message: String, data: some Encodable) { write(.info, message, AttributeValue(encoding: data)) }

  /// Writes a line about what somebody should look at.
  ///
  /// - Parameters:
  ///   - message: What there is to say.
  ///   - data: What belongs to it; a value that cannot be encoded is named instead.
  public func warn(_ message: String, data: some Encodable) { write(.warning, message, AttributeValue(encoding: data)) }

  /// Writes a line about what went wrong.
  ///
  /// - Parameters:
  ///   - message: What there is to say.
  ///   - data: What belongs to it; a value that cannot be encoded is named instead.
  public func error(_ message: String, data: some Encodable) { write(.error, message, AttributeValue(encoding: data)) }
}

extension AttributeValue {
  /// The value that `value` encodes to.
  init(encoding value: some Encodable) {
    do {
      let json = try JSON(encoding: value)
      self.init(json: json.utf8.span)
    } catch {
      self = .string("not encoded: \(error)")
    }
  }
}
