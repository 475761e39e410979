import Synchronization
import Transport
import WebSocket

extension InitOptions {
  /// Where an engine is when nobody says: the address, because `localhost` may be an IPv6 one (engine protocol, section
  /// 10, lesson 19).
  static let defaultURL = "ws://127.0.0.1:49134"

  /// The SDK's version, by Semantic Versioning.
  static let version = "0.1.0"

  /// Counts the workers of this process, so that their default names differ.
  private static let unnamed = Atomic<Int>(0)

  /// The link's options: what was given, else what the environment says, else the default.
  func resolved(
    address: String?, environment: (String) -> String? = HostProcess.environment
  ) throws(ConnectionError) -> LinkOptions {
    let address = address ?? Self.given(environment("III_URL")) ?? Self.defaultURL
    let parsed: WebSocketURL
    do {
      parsed = try WebSocketURL(address)
    } catch {
      throw Self.invalid("\(error)")
    }
    if let namespace, Self.given(namespace) == nil {
      // An engine refuses it as well, after the connection is made.
      throw Self.invalid("the namespace is blank: give it a name, or leave it out")
    }
    if let workerName, Self.given(workerName) == nil {
      throw Self.invalid("the worker's name is blank: give one, or leave it out")
    }
    var options = LinkOptions(
      url: parsed, name: workerName ?? Self.given(environment("III_WORKER_NAME")) ?? Self.defaultName,
      version: Self.version)
    options.description = workerDescription
    options.namespace = namespace ?? Self.given(environment("III_NAMESPACE"))
    options.token = Self.given(token) ?? Self.given(environment("III_TOKEN"))
    options.headers = headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    try Self.check(headers: options.headers, token: options.token)
    options.tls = TLSOptions(certificateFile: tls.certificateFile)
    options.isolation = Self.given(environment("III_ISOLATION"))
    options.backoff = try reconnection.backoff
    guard invocationTimeout > .zero else { throw Self.invalid("the invocation timeout is not above zero") }
    return options
  }

  /// Host name and process id; from the second worker of the process on, with a number.
  private static var defaultName: String {
    let number = unnamed.add(1, ordering: .relaxed).newValue
    return "\(HostProcess.hostName):\(HostProcess.id)" + (number == 1 ? "" : ":\(number)")
  }

  /// Throws for a header that no request can carry, instead of an attempt after the other that fails by it.
  private static func check(headers: [(name: String, value: String)], token: String?) throws(ConnectionError) {
    var headers = headers.map { ($0.name, $0.value) }
    if let token { headers.append(("Authorization", token)) }
    do {
      // Made for what it checks, not for its request.
      let key = [UInt8](repeating: 0, count: 16)
      _ = try ClientHandshake(host: "engine", port: nil, target: "/", headers: headers, key: key)
    } catch {
      throw Self.invalid("\(error)")
    }
  }

  /// `text` without the white space around it; nil when nothing is left.
  private static func given(_ text: String?) -> String? {
    guard let text else { return nil }
    let trimmed = text.drop { $0.isWhitespace }
    guard let last = trimmed.lastIndex(where: { !$0.isWhitespace }) else { return nil }
    return String(trimmed[...last])
  }

  static func invalid(_ message: String) -> ConnectionError {
    ConnectionError(code: InvocationError.invalidArgument, message: message)
  }
}
