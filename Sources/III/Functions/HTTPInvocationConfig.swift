/// A function that the engine carries out itself by an HTTP request (engine protocol, sections 2.3 and 4.5).
///
/// Names of environment variables are those **of the engine's process**: no secret passes through the worker.
public struct HTTPInvocationConfig: Sendable, Hashable {
  /// The method of the request.
  public enum Method: String, Sendable, CaseIterable {
    /// `GET`
    case get = "GET"
    /// `POST`
    case post = "POST"
    /// `PUT`
    case put = "PUT"
    /// `PATCH`
    case patch = "PATCH"
    /// `DELETE`
    case delete = "DELETE"
  }

  /// How the engine proves who it is.
  public enum Auth: Sendable, Hashable {
    /// `Authorization: Bearer`, with the value of the environment variable `tokenKey`.
    case bearer(tokenKey: String)
    /// `header`, with the value of the environment variable `valueKey`.
    case apiKey(header: String, valueKey: String)
    /// `x-iii-Signature`, an HMAC-SHA256 with the value of the environment variable `secretKey`.
    case hmac(secretKey: String)
  }

  /// `https://…`; an engine takes `http` and private addresses only when its configuration says so.
  public var url: String
  /// The method of the request.
  public var method: Method
  /// How long the engine waits for the response; nil: its own default, 30 s. Sent in milliseconds.
  public var timeout: Duration?
  /// Further headers of the request.
  public var headers: [String: String]
  /// How the engine proves who it is; nil: not at all.
  public var auth: Auth?

  /// A request to `url`.
  public init(
    url: String, method: Method = .post, timeout: Duration? = nil, headers: [String: String] = [:], auth: Auth? = nil
  ) {
    self.url = url
    self.method = method
    self.timeout = timeout
    self.headers = headers
    self.auth = auth
  }

  /// What is sent. No `headers` when there are none: an engine drops the whole frame for a null there.
  var json: JSON {
    var members: [(String, JSON)] = [("url", JSON(url)), ("method", JSON(method.rawValue))]
    if let timeout { members.append(("timeout_ms", JSON(timeout.milliseconds))) }
    if !headers.isEmpty {
      members.append(("headers", JSON(members: headers.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) })))
    }
    if let auth { members.append(("auth", auth.json)) }
    return JSON(members: members)
  }

  /// The member of a registration frame that says so, as it stands beside the others.
  package var member: [UInt8] { Array(#""invocation":"#.utf8) + json.utf8 }

  /// What is wrong with it, in words; nil when nothing is. An engine would say nothing, and register nothing.
  package var problem: String? {
    let scheme = url.prefix { $0 != ":" }.lowercased()
    let rest = url.dropFirst(scheme.count)
    if url.allSatisfy(\.isWhitespace) { return "an HTTP function needs a URL" }
    guard scheme == "https" || scheme == "http", rest.hasPrefix("://"),
      rest.dropFirst(3).first.map({ $0 != "/" }) == true
    else { return "'\(url)' is no http:// or https:// URL" }
    if url.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7f }) {
      return "a URL has no spaces and no control characters: escape them, as %20"
    }
    if let timeout, timeout <= .zero { return "the timeout of an HTTP function has to be more than zero" }
    for (name, value) in headers {
      guard Self.isHeader(name) else { return "'\(name)' cannot be the name of a header" }
      guard !value.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7f }) else {
        return "the header \(name) has a control character"
      }
    }
    return auth?.problem
  }

  /// Whether `name` is a token (RFC 9110, section 5.6.2).
  fileprivate static func isHeader(_ name: String) -> Bool {
    !name.isEmpty
      && name.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: "!#$%&'*+-.^_`|~".unicodeScalars.contains(scalar)
        }
      }
  }
}

extension HTTPInvocationConfig.Auth {
  fileprivate var json: JSON {
    switch self {
    case .bearer(let tokenKey): ["type": "bearer", "token_key": JSON(tokenKey)]
    case .apiKey(let header, let valueKey): ["type": "api_key", "header": JSON(header), "value_key": JSON(valueKey)]
    case .hmac(let secretKey): ["type": "hmac", "secret_key": JSON(secretKey)]
    }
  }

  fileprivate var problem: String? {
    switch self {
    case .apiKey(let header, _) where !HTTPInvocationConfig.isHeader(header):
      return "'\(header)' cannot be the name of a header"
    case .bearer(let key), .apiKey(_, let key), .hmac(let key):
      guard key.allSatisfy(\.isWhitespace) else { return nil }
      return "the authentication names no environment variable of the engine"
    }
  }
}
