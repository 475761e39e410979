import WebSocket

/// Where and how a registered function is called over HTTP: its registration, with the secrets that it names.
package struct HTTPEndpoint: Equatable, Sendable {
  /// What goes into a request to show who sends it. Its description never shows a secret.
  package enum Credentials: Equatable, Sendable, CustomStringConvertible {
    case bearer(token: String)
    case apiKey(header: String, value: String)
    case hmac(secret: String)

    package var description: String {
      switch self {
      case .bearer: "bearer"
      case .apiKey(let header, _): "api_key \(header)"
      case .hmac: "hmac"
      }
    }
  }

  /// How long a call may take when its function does not say so, in milliseconds (engine protocol, section 4.5).
  static let defaultTimeout = 30_000
  /// The longest that it may ask for.
  static let longestTimeout = 86_400_000

  let url: String
  let method: HTTPInvocation.Method
  let timeout: Int
  let headers: [HTTPHeader]
  let credentials: Credentials?

  /// Takes the registration's secrets from the environment, as a real engine does at the registration.
  ///
  /// - Parameters:
  ///   - invocation: The registration.
  ///   - environment: The value of a variable of the engine's environment; nil when it is not set.
  /// - Throws: What is missing, or a header that cannot be sent.
  init(_ invocation: HTTPInvocation, environment: (String) -> String?) throws(ErrorBody) {
    url = invocation.url
    method = invocation.method
    timeout = min(max(1, invocation.timeout ?? Self.defaultTimeout), Self.longestTimeout)
    headers = invocation.headers.map { HTTPHeader($0.name, $0.value) }
    credentials = try invocation.authentication.map { (method: HTTPInvocation.Authentication) throws(ErrorBody) in
      try Credentials(method, environment)
    }
    var names = headers
    if case .apiKey(let header, let value) = credentials { names.append(HTTPHeader(header, value)) }
    if case .bearer(let token) = credentials { names.append(HTTPHeader("Authorization", token)) }
    for header in names where !header.name.isHTTPToken || !header.value.isHTTPFieldValue {
      throw ErrorBody(code: "http_request_failed", message: "header `\(header.name)` cannot be sent")
    }
  }
}

extension HTTPEndpoint.Credentials {
  fileprivate init(
    _ method: HTTPInvocation.Authentication, _ environment: (String) -> String?
  ) throws(ErrorBody) {
    switch method {
    case .bearer(let key):
      guard let token = environment(key) else {
        throw ErrorBody(code: "token_not_found", message: "Token not found: \(key)")
      }
      self = .bearer(token: token)
    case .apiKey(let header, let key):
      guard let value = environment(key) else {
        throw ErrorBody(code: "api_key_not_found", message: "API key not found: \(key)")
      }
      self = .apiKey(header: header, value: value)
    case .hmac(let key):
      guard let secret = environment(key) else {
        throw ErrorBody(code: "secret_not_found", message: "Secret not found: \(key)")
      }
      self = .hmac(secret: secret)
    }
  }
}
