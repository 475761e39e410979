package import RawJSON

// One constructor for each row of the table, in its order.
extension LocalError {
  /// -32700: the line is no JSON.
  package static func parseError(_ error: JSONScanError) -> LocalError {
    LocalError(.parseError, error.description, details: [Detail(name: "offset", value: .integer(error.offset))])
  }

  /// -32600: JSON, but no request.
  package static func invalidRequest(_ text: String) -> LocalError { LocalError(.invalidRequest, text) }

  /// -32601: there is no method of this name.
  package static func methodNotFound(_ name: String) -> LocalError {
    LocalError(
      .methodNotFound, "there is no method \"\(name)\"", details: [Detail(name: "method", value: .string(name))])
  }

  /// -32602: the parameters as a whole.
  package static func invalidParameters(_ text: String) -> LocalError { LocalError(.invalidParameters, text) }

  /// -32602: one parameter.
  package static func invalidParameter(_ member: String, _ text: String) -> LocalError {
    LocalError(.invalidParameters, text, details: [Detail(name: "member", value: .string(member))])
  }

  /// -32602: something that an engine would drop without a word. `offset` is added to the violation's.
  package static func invalidParameters(_ violation: JSONViolation, offset: Int = 0) -> LocalError {
    var violation = violation
    violation.offset += offset
    return LocalError(
      .invalidParameters, "the engine would not take this: \(violation)",
      details: [
        Detail(name: "offset", value: .integer(violation.offset)),
        Detail(name: "reason", value: .string(violation.reason.rawValue)),
      ])
  }

  /// -32603: a mistake of the daemon's.
  package static func internalFailure(_ text: String) -> LocalError { LocalError(.internalFailure, text) }

  /// The row of an engine's code (-32000 unless it has one of its own), code and message as they came.
  package static func engine(code: String, _ text: String) -> LocalError {
    LocalError(Row(engineCode: code), code: code, text, source: Source(engineCode: code))
  }

  /// -32001: no result within `milliseconds`.
  package static func timedOut(milliseconds: Int) -> LocalError {
    LocalError(.timedOut, "no result within \(milliseconds) ms").with("timeout_ms", .integer(milliseconds))
      .with("outcome", .string("unknown"))
  }

  /// -32002: the engine is away and the request was not sent.
  package static func notConnected(_ text: String) -> LocalError { LocalError(.notConnected, text) }

  /// -32002: the engine went away after the request was sent: whether the function ran is not known.
  package static func linkLost(_ text: String) -> LocalError {
    LocalError(.notConnected, text).with("outcome", .string("unknown"))
  }

  /// -32003: the daemon's own policy; what the engine forbids comes with ``engine(code:_:)``.
  package static func forbidden(_ text: String) -> LocalError { LocalError(.forbidden, text) }

  /// -32004: nothing to call.
  package static func functionNotFound(_ functionID: String) -> LocalError {
    LocalError(.notFound, "there is no function \"\(functionID)\"").with("function_id", .string(functionID))
  }

  /// -32005: a registration was refused with the engine's `code`.
  package static func registrationRefused(code: String, _ text: String, source: Source = .engine) -> LocalError {
    LocalError(.registrationRefused, code: code, text, source: source)
  }

  /// -32006: given up by the caller.
  package static func cancelled(_ text: String = "the caller gave up") -> LocalError { LocalError(.cancelled, text) }

  /// -32007: a limit is reached or a queue is full.
  package static func overloaded(_ text: String, retryAfter milliseconds: Int) -> LocalError {
    LocalError(.overloaded, text).with("retry_after_ms", .integer(milliseconds))
  }

  /// -32008: `size` bytes where `limit` may be.
  package static func payloadTooLarge(_ what: String, limit: Int, size: Int) -> LocalError {
    LocalError(.payloadTooLarge, "\(what) of \(size) bytes; at most \(limit) are taken").with("limit", .integer(limit))
      .with("size", .integer(size))
  }

  /// -32009: the daemon is ending.
  package static func shuttingDown(_ text: String = "the daemon is shutting down") -> LocalError {
    LocalError(.shuttingDown, text)
  }

  /// -32010: the handler died; `reason` as in `WORKER_GONE`.
  package static func stopped(_ text: String, reason: String, source: Source = .iiid) -> LocalError {
    LocalError(.stopped, text, source: source).with("reason", .string(reason)).with("outcome", .string("unknown"))
  }

  /// -32011: the channel has ended.
  package static func channelClosed(_ text: String) -> LocalError { LocalError(.channelClosed, text) }

  /// -32012: this connection offers the function already.
  package static func alreadyRegistered(_ functionID: String) -> LocalError {
    LocalError(.alreadyRegistered, "this connection has registered \"\(functionID)\" already")
      .with("function_id", .string(functionID))
  }
}
