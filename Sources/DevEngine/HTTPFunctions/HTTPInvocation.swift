/// How a function is called over HTTP, as its worker registers it (engine protocol, section 2.3).
package struct HTTPInvocation: Equatable, Sendable {
  /// The methods that a function may be called with.
  package enum Method: String, Sendable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  /// How the engine shows who it is. Each key is the name of a variable in the engine's own environment.
  package enum Authentication: Equatable, Sendable {
    case bearer(tokenKey: String)
    case apiKey(header: String, valueKey: String)
    case hmac(secretKey: String)
  }

  package var url: String
  package var method = Method.post
  /// In milliseconds; nil for the engine's own.
  package var timeout: Int?
  /// Further headers, in the order of their names.
  package var headers: [(name: String, value: String)] = []
  package var authentication: Authentication?

  package static func == (left: HTTPInvocation, right: HTTPInvocation) -> Bool {
    left.url == right.url && left.method == right.method && left.timeout == right.timeout
      && left.authentication == right.authentication && left.headers.elementsEqual(right.headers, by: ==)
  }
}

extension HTTPInvocation {
  /// Reads the member `invocation` of a registration; a failure drops the frame, as every other does.
  init(_ object: JSONObject) throws(DecodingFailure) {
    url = try object.requiredString("url")
    if let name = try object.optionalString("method") {
      guard let method = Method(rawValue: name) else { throw DecodingFailure("unknown method `\(name)`") }
      self.method = method
    }
    timeout = try object.optionalNatural("timeout_ms")
    if let headers = object["headers"] {
      guard let headers = headers.object else {
        throw DecodingFailure("`headers` is \(headers.kindName), expected an object")
      }
      for member in headers.members {
        guard let value = member.value.string else { throw DecodingFailure("header `\(member.name)` is no string") }
        self.headers.append((member.name, value))
      }
    }
    authentication = try object.optionalObject("auth").map { (auth: JSONObject) throws(DecodingFailure) in
      try Authentication(auth)
    }
  }
}

extension HTTPInvocation.Authentication {
  fileprivate init(_ object: JSONObject) throws(DecodingFailure) {
    switch try object.requiredString("type") {
    case "bearer": self = .bearer(tokenKey: try object.requiredString("token_key"))
    case "api_key":
      self = .apiKey(header: try object.requiredString("header"), valueKey: try object.requiredString("value_key"))
    case "hmac": self = .hmac(secretKey: try object.requiredString("secret_key"))
    case let unknown: throw DecodingFailure("unknown authentication `\(unknown)`")
    }
  }
}
