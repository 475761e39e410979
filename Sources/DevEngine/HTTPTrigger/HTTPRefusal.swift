import WebSocket

/// Why a request is answered by the engine itself, in the one form that all its own errors have.
struct HTTPRefusal: Error, Equatable {
  let status: Int
  let code: String
  let message: String
  var headers: [HTTPHeader] = []
  /// Whether the connection cannot go on, because where the next request begins is not known.
  var endsConnection = false
}

extension HTTPRefusal {
  static let notFound = HTTPRefusal(status: 404, code: "NOT_FOUND", message: "Not Found")
  static let timeout = HTTPRefusal(
    status: 504, code: "TIMEOUT", message: "The function did not answer in time", endsConnection: true)
  static let headTooLarge = HTTPRefusal(
    status: 431, code: "HEAD_TOO_LARGE", message: "The head of a request may have \(HTTPHead.maximumSize) bytes",
    endsConnection: true)
  static let overloaded = HTTPRefusal(
    status: 503, code: "OVERLOADED", message: "There are too many connections", endsConnection: true)

  static func bodyTooLarge(limit: Int) -> HTTPRefusal {
    HTTPRefusal(
      status: 413, code: "BODY_TOO_LARGE", message: "A JSON body may have \(limit) bytes", endsConnection: true)
  }

  static func methodNotAllowed(_ allowed: [String]) -> HTTPRefusal {
    HTTPRefusal(
      status: 405, code: "METHOD_NOT_ALLOWED", message: "The path takes \(allowed.joined(separator: ", "))",
      headers: [HTTPHeader("Allow", allowed.joined(separator: ", "))])
  }

  static func badRequest(_ message: String) -> HTTPRefusal {
    HTTPRefusal(status: 400, code: "BAD_REQUEST", message: message, endsConnection: true)
  }

  /// What the function of a request failed with.
  static func failed(_ error: ErrorBody) -> HTTPRefusal {
    HTTPRefusal(status: 500, code: error.code, message: error.message)
  }
}
