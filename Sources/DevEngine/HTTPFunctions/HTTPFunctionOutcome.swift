import HTTPClient
import WebSocket

/// What a call over HTTP comes to: the engine's reading of the answer (engine protocol, section 4.5).
struct HTTPFunctionOutcome: Equatable {
  var result: JSONValue?
  var error: ErrorBody?

  /// The outcome for an answer.
  init(_ response: HTTPResponse) {
    switch response.status {
    case ..<300:
      if response.body.isEmpty { return }
      do {
        result = try JSONValue(parsing: response.body.span)
      } catch {
        self.error = ErrorBody(code: "invalid_response", message: error.description)
      }
    case ..<400: result = try? JSONValue(parsing: response.body.span)
    default: error = Self.error(response)
    }
  }

  /// The outcome for no answer.
  init(_ failure: HTTPFailure) {
    error =
      switch failure {
      case .privateAddress: ErrorBody(code: "url_validation_failed", message: "Private IP blocked")
      case .request(let text): ErrorBody(code: "http_request_failed", message: text)
      case .response(let text): ErrorBody(code: "http_response_failed", message: text)
      case .tooLarge(let limit):
        ErrorBody(code: "http_response_failed", message: "the answer has more than \(limit) bytes")
      }
  }

  private static func error(_ response: HTTPResponse) -> ErrorBody {
    if let body = try? JSONValue(parsing: response.body.span), let error = body.object?["error"] {
      return ErrorBody(
        code: error.object?["code"]?.string ?? "http_error",
        message: error.object?["message"]?.string ?? "HTTP request failed")
    }
    let phrase = HTTPStatus.phrase(response.status)
    return ErrorBody(
      code: "http_error", message: "HTTP \(response.status) \(phrase.isEmpty ? "<unknown status code>" : phrase)")
  }
}
