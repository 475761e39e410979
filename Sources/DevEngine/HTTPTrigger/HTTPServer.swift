import Transport

/// Serves HTTP for the trigger type `http`: takes connections and requests, and hands what their functions say back to them.
///
/// Owned by ``DevEngineServer``, on the same loop.
final class HTTPServer {
  /// The port that it listens on.
  let port: UInt16
  var limits = HTTPLimits()
  unowned let engine: DevEngineServer
  private let listener: Listener
  private var connections: [Int: HTTPConnection] = [:]
  /// The connections whose requests wait for their functions, by the requests' numbers.
  private var waiting: [Int: HTTPConnection] = [:]
  private var nextNumber = 1

  /// How many connections there are.
  var connectionCount: Int { connections.count }

  /// Starts to listen.
  init(for engine: DevEngineServer, host: String, port: UInt16) throws(ListenerError) {
    self.engine = engine
    // The listener's closure needs the server, which is not whole before it has the port.
    let acceptor = Acceptor()
    listener = try Listener(on: engine.loop, host: host, port: port) { acceptor.server?.accept($0) }
    self.port = listener.port ?? port
    listener.acceptFailed = { [unowned engine] in engine.log(.warning, "cannot accept an HTTP connection: \($0)") }
    acceptor.server = self
  }

  private final class Acceptor {
    weak var server: HTTPServer?
  }

  /// Ends everything at once.
  func close() {
    listener.close()
    for connection in connections.values { connection.close() }
  }

  private func accept(_ stream: SocketStream) {
    let number = takeNumber()
    let connection = HTTPConnection(number: number, stream: stream, server: self)
    connections[number] = connection
    if connections.count > limits.connections { connection.refuse(.overloaded) }
  }

  func takeNumber() -> Int {
    defer { nextNumber += 1 }
    return nextNumber
  }

  func closed(_ connection: HTTPConnection) { connections[connection.number] = nil }

  // MARK: - Requests

  /// Hands a request to the function of a binding; the outcome comes as ``answer(_:_:)``.
  func call(
    _ number: Int, of binding: String, _ payload: JSONObject, _ trace: TraceContext, for connection: HTTPConnection
  ) {
    waiting[number] = connection
    engine.perform { state, now in state.requested(number, of: binding, payload, trace: trace, now: now) }
  }

  /// The function of a request has answered, or there is an answer without it.
  func answer(_ number: Int, _ outcome: HTTPTriggerOutcome) {
    waiting.removeValue(forKey: number)?.answer(number, outcome)
  }

  /// A request is over, whatever its function may still say.
  func ended(_ number: Int) {
    waiting[number] = nil
    engine.perform { state, _ in state.requestEnded(number) }
  }
}
