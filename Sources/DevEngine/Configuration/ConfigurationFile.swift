import RawJSON
import Transport

/// The file behind `--config`: the listeners beside the main one, in JSON, with the names that real engines use (engine
/// protocol, sections 1.1 and 4.6).
package enum ConfigurationFile {
  /// The listeners in a file's text.
  ///
  /// - Throws: The first thing that is wrong in it.
  package static func listeners(in text: Span<UInt8>) throws(ConfigurationProblem) -> [ListenerOptions] {
    let root = try ConfigurationObject(try value(of: text), at: "", known: ["listeners"])
    var listeners: [ListenerOptions] = []
    for (place, value) in try root.list("listeners") { listeners.append(try listener(value, at: place)) }
    return listeners
  }

  private static func value(of text: Span<UInt8>) throws(ConfigurationProblem) -> JSONValue {
    var envelope = JSONEnvelope()
    let remedy = #"give JSON like {"listeners": [{"port": 49135}]}"#
    do throws(JSONScanError) {
      try envelope.scan(text)
    } catch {
      throw ConfigurationProblem("", "is no JSON: \(error)", remedy: remedy)
    }
    if let violation = envelope.violation { throw ConfigurationProblem("", "has a \(violation)", remedy: remedy) }
    return JSONReader.read(text)
  }

  private static func listener(_ value: JSONValue, at place: String) throws(ConfigurationProblem) -> ListenerOptions {
    let object = try ConfigurationObject(
      value, at: place, known: ["port", "host", "handshake_timeout_ms", "middleware_function_id", "rbac"])
    guard let port = try object.number("port", in: 0...65535) else {
      throw ConfigurationProblem(object.place(of: "port"), "is missing", remedy: "give a port, or 0 for any free one")
    }
    var listener = ListenerOptions(port: UInt16(port))
    if let host = try object.text("host") {
      guard host == "localhost" || SocketAddress(ip: host, port: 0) != nil else {
        throw ConfigurationProblem(
          object.place(of: "host"), "'\(host)' is no IP address", remedy: "give one, as 127.0.0.1 or ::1")
      }
      listener.host = host
    }
    listener.handshakeTimeout = try object.number("handshake_timeout_ms", in: 1...3_600_000)
    listener.rules.middleware = try object.text("middleware_function_id")
    listener.rules.access = try object.value("rbac").map { (value) throws(ConfigurationProblem) in
      try access(value, at: object.place(of: "rbac"))
    }
    return listener
  }

  private static func access(_ value: JSONValue, at place: String) throws(ConfigurationProblem) -> AccessRules {
    let object = try ConfigurationObject(
      value, at: place,
      known: [
        "auth_function_id", "expose_functions", "on_function_registration_function_id",
        "on_trigger_registration_function_id", "on_trigger_type_registration_function_id",
      ])
    var rules = AccessRules()
    rules.authFunction = try object.text("auth_function_id")
    for (place, value) in try object.list("expose_functions") { rules.exposed.append(try filter(value, at: place)) }
    rules.functionHook = try object.text("on_function_registration_function_id")
    rules.triggerHook = try object.text("on_trigger_registration_function_id")
    rules.triggerTypeHook = try object.text("on_trigger_type_registration_function_id")
    return rules
  }

  private static func filter(_ value: JSONValue, at place: String) throws(ConfigurationProblem) -> ExposureFilter {
    let remedy = #"write match("service::*"), or an object with match or metadata"#
    if let text = value.string {
      guard let pattern = WildcardPattern(call: text) else {
        throw ConfigurationProblem(place, "'\(text)' is no filter", remedy: remedy)
      }
      return ExposureFilter(condition: .id(pattern))
    }
    guard value.object != nil else { throw ConfigurationProblem(place, "is \(value.kindName)", remedy: remedy) }
    let object = try ConfigurationObject(value, at: place, known: ["match", "metadata", "namespace"])
    let namespace = try object.text("namespace") ?? FunctionKey.defaultNamespace
    switch (try object.text("match"), object.value("metadata")) {
    case (let pattern?, nil):
      return ExposureFilter(
        condition: .id(WildcardPattern(call: pattern) ?? WildcardPattern(pattern)), namespace: namespace)
    case (nil, let metadata?):
      return ExposureFilter(
        condition: .metadata(try conditions(metadata, at: object.place(of: "metadata"))), namespace: namespace)
    case (nil, nil), (.some, .some):
      throw ConfigurationProblem(place, "needs either match or metadata", remedy: "give exactly one of them")
    }
  }

  private static func conditions(
    _ value: JSONValue, at place: String
  ) throws(ConfigurationProblem) -> [String: ExposureFilter.MetadataCondition] {
    guard let members = value.object?.members, !members.isEmpty else {
      throw ConfigurationProblem(place, "has no members", remedy: "give an object with what the metadata must hold")
    }
    var conditions: [String: ExposureFilter.MetadataCondition] = [:]
    for member in members {
      conditions[member.name] =
        member.value.string.flatMap { WildcardPattern(call: $0) }.map { .text($0) }
        ?? .exact(member.value)
    }
    return conditions
  }
}
