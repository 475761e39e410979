import Bytes
import RawJSON

/// What `iiid call` asks for: the parameters of one `trigger`, made of arguments.
struct CallRequest: Equatable {
  /// What is wanted of the call.
  enum Action: Equatable {
    case value
    case void
    case enqueue(queue: String)
  }

  /// How much longer than the daemon the command waits, in milliseconds: the daemon tells it better.
  private static let grace = 5000

  var functionID: String
  /// A JSON value; nil for null.
  var payload: [UInt8]?
  var action = Action.value
  /// Milliseconds.
  var timeout = 30_000
  /// Milliseconds.
  var waitConnected = 0
  /// Whether the daemon keeps the call on disk until the engine has it.
  var isDurable = false
  /// Milliseconds; nil for ever.
  var timeToLive: Int?
  var namespace: String?
  /// A JSON value.
  var metadata: [UInt8]?
  var traceparent: String?
  var baggage: String?

  /// How many milliseconds the whole call may take, as far as the command is concerned.
  var patience: Int { timeout + waitConnected + Self.grace }

  init(functionID: String) { self.functionID = functionID }

  /// Reads and checks the arguments.
  ///
  /// - Parameters:
  ///   - settings: The command line and the environment.
  ///   - input: All of standard input; asked only when the payload is `-`.
  /// - Throws: What is wrong with them.
  init(_ settings: ClientSettings, input: () throws(CommandFailure) -> [UInt8]) throws(CommandFailure) {
    let commandLine = settings.commandLine
    self.init(functionID: commandLine.operands[0])
    if commandLine.contains(.void), commandLine.contains(.queue) {
      throw CommandFailure("--void and --queue exclude each other: a queue's receipt is waited for", .usage)
    }
    if let queue = commandLine.argument(of: .queue) { action = .enqueue(queue: queue) }
    if commandLine.contains(.void) { action = .void }
    isDurable = commandLine.contains(.durable)
    if isDurable, action == .value {
      throw CommandFailure("--durable is for --void and --queue: a value that comes later has nobody to go to", .usage)
    }
    if commandLine.contains(.timeToLive) {
      guard isDurable else { throw CommandFailure("--ttl-ms is for calls that are kept; give --durable too", .usage) }
      timeToLive = try settings.milliseconds(.timeToLive, from: 1, else: 0)
    }
    timeout = try settings.milliseconds(.callTimeout, from: 1, else: timeout)
    waitConnected = try settings.milliseconds(.waitConnected, else: waitConnected)
    namespace = commandLine.argument(of: .callNamespace)
    traceparent = settings.text(of: .traceparent)
    baggage = settings.text(of: .baggage)
    if let text = commandLine.argument(of: .metadata) {
      metadata = try JSONArgument.read(Array(text.utf8), as: "--metadata")
    }
    guard commandLine.operands.count > 1 else { return }
    let text = commandLine.operands[1]
    payload =
      text == "-"
      ? try JSONArgument.read(try input(), as: "PAYLOAD (standard input)")
      : try JSONArgument.read(Array(text.utf8), as: "PAYLOAD")
  }

  /// Writes the members of `params`.
  func write(to output: inout ByteBuffer) {
    output.append("\"function_id\":")
    output.append(jsonString: functionID)
    // A payload may have been written over several lines.
    func append(_ name: String, json: [UInt8]?) {
      guard let json else { return }
      output.append(",\"\(name)\":")
      output.append(json: json.span, flattening: true)
    }
    func append(_ name: String, text: String?) {
      guard let text else { return }
      output.append(",\"\(name)\":")
      output.append(jsonString: text)
    }
    append("payload", json: payload)
    switch action {
    case .value: break
    case .void: output.append(",\"action\":{\"type\":\"void\"}")
    case .enqueue(let queue):
      output.append(",\"action\":{\"type\":\"enqueue\",\"queue\":")
      output.append(jsonString: queue)
      output.append("}")
    }
    output.append(",\"timeout_ms\":")
    output.append(integer: timeout)
    if waitConnected > 0 {
      output.append(",\"wait_connected_ms\":")
      output.append(integer: waitConnected)
    }
    if isDurable { output.append(",\"durability\":\"disk\"") }
    if let timeToLive {
      output.append(",\"ttl_ms\":")
      output.append(integer: timeToLive)
    }
    append("metadata", json: metadata)
    append("namespace", text: namespace)
    append("traceparent", text: traceparent)
    append("baggage", text: baggage)
  }
}
