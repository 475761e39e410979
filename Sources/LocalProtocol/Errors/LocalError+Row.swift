extension LocalError {
  /// The rows of the table of errors (local protocol, section 3).
  package enum Row: CaseIterable, Sendable {
    /// A line that is no JSON.
    case parseError
    /// JSON that is no request.
    case invalidRequest
    /// A method that is not there.
    case methodNotFound
    /// Parameters that the method does not take.
    case invalidParameters
    /// A failure of the daemon itself.
    case internalFailure
    /// The function failed, with a code of its own.
    case failed
    /// No result in time.
    case timedOut
    /// The engine is away.
    case notConnected
    /// The engine's access rules, or the daemon's.
    case forbidden
    /// Nothing to call.
    case notFound
    /// A registration was refused.
    case registrationRefused
    /// Given up by the caller.
    case cancelled
    /// A limit is reached or a queue is full.
    case overloaded
    /// More bytes than may be sent.
    case payloadTooLarge
    /// The daemon is ending.
    case shuttingDown
    /// The handler died.
    case stopped
    /// The channel has ended.
    case channelClosed
    /// The same function twice on one connection.
    case alreadyRegistered
  }
}

extension LocalError.Row {
  /// The integer in `error.code`.
  package var number: Int {
    switch self {
    case .parseError: -32700
    case .invalidRequest: -32600
    case .methodNotFound: -32601
    case .invalidParameters: -32602
    case .internalFailure: -32603
    case .failed: -32000
    case .timedOut: -32001
    case .notConnected: -32002
    case .forbidden: -32003
    case .notFound: -32004
    case .registrationRefused: -32005
    case .cancelled: -32006
    case .overloaded: -32007
    case .payloadTooLarge: -32008
    case .shuttingDown: -32009
    case .stopped: -32010
    case .channelClosed: -32011
    case .alreadyRegistered: -32012
    }
  }

  /// The string in `error.data.code`, where the row has but one; the usual one where it has several.
  package var code: String {
    switch self {
    case .parseError: "PARSE_ERROR"
    case .invalidRequest: "INVALID_REQUEST"
    case .methodNotFound: "METHOD_NOT_FOUND"
    case .invalidParameters: "INVALID_PARAMS"
    case .internalFailure: "INTERNAL"
    case .failed: "invocation_failed"
    case .timedOut: "TIMEOUT"
    case .notConnected: "NOT_CONNECTED"
    case .forbidden: "FORBIDDEN"
    case .notFound: "function_not_found"
    case .registrationRefused: "FUNCTION_NAMESPACE_CONFLICT"
    case .cancelled: "CANCELLED"
    case .overloaded: "OVERLOADED"
    case .payloadTooLarge: "PAYLOAD_TOO_LARGE"
    case .shuttingDown: "SHUTTING_DOWN"
    case .stopped: "invocation_stopped"
    case .channelClosed: "CHANNEL_CLOSED"
    case .alreadyRegistered: "ALREADY_REGISTERED"
    }
  }

  /// Whether the same request may succeed later without a change. Where the answer was lost rather than refused
  /// (``timedOut``, ``stopped``, ``notConnected``) the function may have run.
  package var isRetryable: Bool {
    switch self {
    case .timedOut, .notConnected, .overloaded, .shuttingDown, .stopped: true
    default: false
    }
  }

  /// The exit status of the command line.
  package var exitStatus: Int32 {
    switch self {
    case .parseError, .invalidRequest, .methodNotFound, .invalidParameters, .alreadyRegistered: 2
    case .internalFailure: 70
    case .failed, .stopped: 1
    case .timedOut: 124
    case .notConnected: 69
    case .forbidden: 77
    case .notFound: 127
    case .registrationRefused: 73
    case .cancelled: 130
    case .overloaded, .shuttingDown: 75
    case .payloadTooLarge: 65
    case .channelClosed: 74
    }
  }

  /// The row of an `error.code`; nil for an integer that is not in the table.
  package init?(number: Int) {
    guard let row = Self.allCases.first(where: { $0.number == number }) else { return nil }
    self = row
  }

  /// The row that an engine's code belongs to; ``failed`` for all that name no row of their own.
  package init(engineCode: String) {
    switch engineCode {
    case "FORBIDDEN": self = .forbidden
    case "function_not_found", "trigger_type_not_found": self = .notFound
    case "invocation_stopped": self = .stopped
    case "TIMEOUT": self = .timedOut
    // What a daemon answers for workers whose queue is full.
    case "OVERLOADED": self = .overloaded
    case "FUNCTION_NAMESPACE_CONFLICT", "WORKER_NAMESPACE_CONFLICT": self = .registrationRefused
    default: self = .failed
    }
  }
}
