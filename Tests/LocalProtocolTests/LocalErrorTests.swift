import LocalProtocol
import RawJSON
import Testing

@Suite struct LocalErrorTests {
  /// Section 3, row by row.
  static let table: [(LocalError, Int, String, Bool, Int32)] = [
    (.parseError(scanError), -32700, "PARSE_ERROR", false, 2),
    (.invalidRequest("x"), -32600, "INVALID_REQUEST", false, 2),
    (.methodNotFound("x"), -32601, "METHOD_NOT_FOUND", false, 2),
    (.invalidParameters("x"), -32602, "INVALID_PARAMS", false, 2),
    (.internalFailure("x"), -32603, "INTERNAL", false, 70),
    (.engine(code: "OUT_OF_STOCK", "x"), -32000, "OUT_OF_STOCK", false, 1),
    (.timedOut(milliseconds: 5), -32001, "TIMEOUT", true, 124),
    (.notConnected("x"), -32002, "NOT_CONNECTED", true, 69),
    (.forbidden("x"), -32003, "FORBIDDEN", false, 77),
    (.functionNotFound("x"), -32004, "function_not_found", false, 127),
    (.registrationRefused(code: "FUNCTION_NAMESPACE_CONFLICT", "x"), -32005, "FUNCTION_NAMESPACE_CONFLICT", false, 73),
    (.cancelled(), -32006, "CANCELLED", false, 130),
    (.overloaded("x", retryAfter: 100), -32007, "OVERLOADED", true, 75),
    (.payloadTooLarge("a line", limit: 1, size: 2), -32008, "PAYLOAD_TOO_LARGE", false, 65),
    (.shuttingDown(), -32009, "SHUTTING_DOWN", true, 75),
    (.stopped("x", reason: "WORKER_GONE"), -32010, "invocation_stopped", true, 1),
    (.channelClosed("x"), -32011, "CHANNEL_CLOSED", false, 74),
    (.alreadyRegistered("x"), -32012, "ALREADY_REGISTERED", false, 2),
  ]

  static var scanError: JSONScanError {
    var envelope = JSONEnvelope()
    do throws(JSONScanError) {
      try envelope.scan("{".utf8.span)
      preconditionFailure("an open brace is no JSON")
    } catch {
      return error
    }
  }

  @Test func everyRow() {
    #expect(Self.table.map(\.0.row) == LocalError.Row.allCases)
    for (error, number, code, isRetryable, exit) in Self.table {
      #expect(error.row.number == number)
      #expect(error.code == code)
      #expect(error.isRetryable == isRetryable)
      #expect(error.row.exitStatus == exit)
      #expect(error.message == "\(code): \(error.text)")
      #expect(LocalError.Row(number: number) == error.row)
    }
    #expect(LocalError.Row(number: 1) == nil)
  }

  @Test(arguments: [
    ("FORBIDDEN", LocalError.Row.forbidden, LocalError.Source.engine), ("function_not_found", .notFound, .engine),
    ("trigger_type_not_found", .notFound, .engine), ("invocation_stopped", .stopped, .engine),
    ("TIMEOUT", .timedOut, .worker), ("OVERLOADED", .overloaded, .iiid),
    ("FUNCTION_NAMESPACE_CONFLICT", .registrationRefused, .engine),
    ("WORKER_NAMESPACE_CONFLICT", .registrationRefused, .engine), ("invocation_failed", .failed, .worker),
    ("enqueue_error", .failed, .engine), ("INVALID_NAMESPACE", .failed, .engine), ("OUT_OF_STOCK", .failed, .worker),
    ("payload_too_large", .failed, .worker), ("", .failed, .worker), ("forbidden", .failed, .worker),
  ])
  func codesOfTheEngine(code: String, row: LocalError.Row, source: LocalError.Source) {
    let error = LocalError.engine(code: code, "text")
    #expect(error.row == row)
    #expect(error.code == code)
    #expect(error.source == source)
    let token = written { $0.append(jsonString: code) }
    let frame = "\(token)\"text\""
    let count = token.utf8.count
    let line = written {
      DaemonMessage.engineError(
        RequestID(1), frame.utf8.span, code: 0..<count, message: count..<(count + 6), stacktrace: nil, to: &$0)
    }
    #expect(line == written { DaemonMessage.error(RequestID(1), error, to: &$0) })
  }

  @Test(arguments: [
    (
      LocalError.overloaded("the queue of \"f\" is full", retryAfter: 100),
      #"{"code":-32007,"message":"OVERLOADED: the queue of \"f\" is full","data":{"code":"OVERLOADED","source":"iiid","retryable":true,"retry_after_ms":100}}"#
    ),
    (
      .payloadTooLarge("a line", limit: 16, size: 17),
      #"{"code":-32008,"message":"PAYLOAD_TOO_LARGE: a line of 17 bytes; at most 16 are taken","data":{"code":"PAYLOAD_TOO_LARGE","source":"iiid","retryable":false,"limit":16,"size":17}}"#
    ),
    (
      .linkLost("the engine went away"),
      #"{"code":-32002,"message":"NOT_CONNECTED: the engine went away","data":{"code":"NOT_CONNECTED","source":"iiid","retryable":true,"outcome":"unknown"}}"#
    ),
    (
      .stopped("the worker is gone", reason: "WORKER_GONE"),
      #"{"code":-32010,"message":"invocation_stopped: the worker is gone","data":{"code":"invocation_stopped","source":"iiid","retryable":true,"reason":"WORKER_GONE","outcome":"unknown"}}"#
    ),
    (
      .timedOut(milliseconds: 50),
      #"{"code":-32001,"message":"TIMEOUT: no result within 50 ms","data":{"code":"TIMEOUT","source":"iiid","retryable":true,"timeout_ms":50,"outcome":"unknown"}}"#
    ),
    (
      .internalFailure("x").with("a", .boolean(true)).with("b", .json("{\"c\":\n1}")).with("\"", .string("\n")),
      #"{"code":-32603,"message":"INTERNAL: x","data":{"code":"INTERNAL","source":"iiid","retryable":false,"a":true,"b":{"c": 1},"\"":"\n"}}"#
    ),
  ])
  func writing(error: LocalError, expected: String) { #expect(written { error.write(to: &$0) } == expected) }
}
