import III
import LocalProtocol

// Functions that the engine itself carries out by an HTTP request, registered for a local program.
extension Relay {
  /// The member of the registration frame.
  ///
  /// - Parameters:
  ///   - invocation: The request.
  ///   - ownOnly: A parameter of the registration that was given beside it and makes no sense there.
  /// - Returns: `"invocation":{…}`.
  /// - Throws: `FORBIDDEN` where the policy does not allow it; `INVALID_PARAMS` for what an engine would drop without a word.
  func httpMember(_ invocation: HTTPInvocation, ownOnly: String?) throws(LocalError) -> [UInt8] {
    guard policy.httpFunctions else {
      throw .forbidden(
        "this daemon registers no functions that the engine calls over HTTP; its administrator allows it with http_functions = true in section [policy] of the configuration"
      )
    }
    if let ownOnly {
      throw .invalidParameter(ownOnly, "\(ownOnly) does not go with invocation: the engine calls the URL by itself")
    }
    var config = HTTPInvocationConfig(url: invocation.url, headers: invocation.headers)
    if let method = invocation.method.flatMap(HTTPInvocationConfig.Method.init) { config.method = method }
    config.timeout = invocation.timeout.map { .milliseconds($0) }
    config.auth = invocation.authentication.map { authentication in
      switch authentication {
      case .bearer(let tokenKey): .bearer(tokenKey: tokenKey)
      case .apiKey(let header, let valueKey): .apiKey(header: header, valueKey: valueKey)
      case .hmac(let secretKey): .hmac(secretKey: secretKey)
      }
    }
    if let problem = config.problem { throw .invalidParameter("invocation", "invocation: \(problem)") }
    return config.member
  }
}
