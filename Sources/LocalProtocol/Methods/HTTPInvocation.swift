import RawJSON

/// The argument `invocation` of `register_function`: the HTTP request by which the engine itself carries the function out.
///
/// What proves the engine to the server is the name of a variable in the **engine's** environment, never a secret.
package struct HTTPInvocation: Equatable, Sendable {
  /// How the engine proves who it is.
  package enum Authentication: Equatable, Sendable {
    /// `Authorization: Bearer`.
    case bearer(tokenKey: String)
    /// A header of its own.
    case apiKey(header: String, valueKey: String)
    /// A signature of the body.
    case hmac(secretKey: String)
  }

  static let parameters = [
    Parameter("url", .nonBlankString, isRequired: true, "Where to: https://…, as the engine allows."),
    Parameter(
      "method", .enumeration(["GET", "POST", "PUT", "PATCH", "DELETE"]), standard: .string("POST"), "The HTTP method."),
    Parameter(
      "timeout_ms", .integer(1...Milliseconds.longest),
      "How long the engine waits; left out, as long as it usually does."),
    Parameter("headers", .stringMap, "Further headers of the request."),
    Parameter(
      "auth",
      .variants([
        (
          "bearer", [Parameter("token_key", .nonBlankString, isRequired: true, "The engine's variable with the token.")]
        ),
        (
          "api_key",
          [
            Parameter("header", .nonBlankString, isRequired: true, "The header that carries the key."),
            Parameter("value_key", .nonBlankString, isRequired: true, "The engine's variable with the key."),
          ]
        ),
        (
          "hmac", [Parameter("secret_key", .nonBlankString, isRequired: true, "The engine's variable with the secret.")]
        ),
      ]), "How the engine proves who it is; left out, not at all."),
  ]

  /// Where to.
  package var url = ""
  /// The HTTP method; nil: the usual one.
  package var method: String?
  /// Milliseconds; nil: as long as the engine usually waits.
  package var timeout: Int?
  /// Further headers; of equal names the last one counts.
  package var headers: [String: String] = [:]
  /// How the engine proves who it is.
  package var authentication: Authentication?

  /// Reads an object that ``MessageReader`` has checked.
  init(_ object: Span<UInt8>) {
    var envelope = JSONEnvelope(descendingInto: ["headers", "auth"])
    guard (try? envelope.scan(object)) != nil else { return }
    func string(_ key: JSONKey, in parent: Int? = nil) -> String? {
      guard let parent else { return envelope.find(key)?.string(in: object) }
      return envelope.find(key, in: parent)?.string(in: object)
    }
    url = string("url") ?? ""
    method = string("method")
    timeout = envelope.find("timeout_ms")?.integer(in: object)
    if let index = envelope.index(of: "headers") {
      for header in envelope.members where header.parent == Int32(truncatingIfNeeded: index) {
        guard let name = String(jsonContent: object.extracting(header.name)) else { continue }
        headers[name] = header.string(in: object)
      }
    }
    guard let auth = envelope.index(of: "auth") else { return }
    func key(_ name: JSONKey) -> String { string(name, in: auth) ?? "" }
    switch string("type", in: auth) {
    case "bearer": authentication = .bearer(tokenKey: key("token_key"))
    case "api_key": authentication = .apiKey(header: key("header"), valueKey: key("value_key"))
    case "hmac": authentication = .hmac(secretKey: key("secret_key"))
    default: break
    }
  }
}
