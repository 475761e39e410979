import HTTPClient
package import Transport
import WebSocket

/// The development engine as a process sees it: listens, reads frames, and carries out what ``EngineState`` decides.
///
/// Owned by the program; lives on its loop.
package final class DevEngineServer {
  /// What a real engine accepts: single frames up to 16 MiB, messages up to 64 MiB (engine protocol, section 1.6).
  static let limits = FrameLimits(maximumFrame: 16 << 20, maximumMessage: 64 << 20)
  /// How much may wait to be written to a connection that does not read, in bytes. A real engine makes the senders wait
  /// for it; here nobody waits, and the one who does not read loses its connection.
  static let maximumPendingOutput = 256 << 20

  /// How long a connection may take to ask for its upgrade, in milliseconds (engine protocol, section 1.2).
  static let handshakeTimeout = 10_000

  /// The ports that it listens on, in the order of its listeners.
  package internal(set) var ports: [UInt16] = []

  /// The port that it serves HTTP on; nil when it does not.
  package var httpPort: UInt16? { http?.port }

  let loop: EventLoop
  let options: ServerOptions
  let log: (LogLevel, String) -> Void
  var state: EngineState
  var connections: [Int: EngineConnection] = [:]
  /// Who is at the ends of channels, by the same numbers.
  var channelEnds: [Int: any ChannelEnd] = [:]
  var isCarryingOutChannels = false
  var listeners: [Listener] = []
  var hooks = TestHooks()
  /// Serves the trigger type `http`; nil when that is off.
  private(set) var http: HTTPServer?
  private let httpClient = HTTPClient()
  private var decoder = WorkerFrameDecoder()
  var nextNumber = 1
  private var timer: Timer?
  private var timerDeadline: Int?

  /// Starts to listen.
  ///
  /// - Parameters:
  ///   - loop: The loop to live on.
  ///   - options: Where to listen, and how to behave.
  ///   - log: Takes the lines of the log.
  /// - Throws: Why it cannot listen there.
  package init(
    on loop: EventLoop, options: ServerOptions, log: @escaping (LogLevel, String) -> Void
  ) throws(ListenerError) {
    self.loop = loop
    self.options = options
    self.log = log
    let identifiers = IdentifierSource()
    var engineOptions = options.engine
    engineOptions.httpTriggers = options.httpPort != nil
    state = EngineState(
      options: engineOptions, startedAt: WallClock.milliseconds, environment: { HostProcess.environment($0) },
      makeID: { identifiers.next() })
    try listen()
    timer = Timer(on: loop) { [unowned self] in
      timerDeadline = nil
      perform { $0.timeReached($1) }
    }
    if let port = options.httpPort { http = try HTTPServer(for: self, host: options.listeners[0].host, port: port) }
  }

  /// Ends everything at once, as a real engine does: no close frames.
  package func close() {
    stopListening()
    timer?.stop()
    http?.close()
    httpClient.close()
    for connection in connections.values { connection.socket?.abort() }
    for end in channelEnds.values { (end as? ChannelConnection)?.abort() }
  }

  var now: Int { Int(loop.now.milliseconds) }

  // MARK: - Connections

  /// Lets an event happen to the state, and carries out what it asks for.
  func perform(_ event: (inout EngineState, Int) -> Void) {
    setWallClock()
    event(&state, now)
    carryOutEffects()
  }

  /// A number for a connection, or for an end of a channel that the engine itself has.
  func takeNumber() -> Int {
    defer { nextNumber += 1 }
    return nextNumber
  }

  /// Cron is by the clock on the wall, which may be set at any time.
  private func setWallClock() { state.wallClockOffset = WallClock.milliseconds - now }

  func opened(_ connection: EngineConnection) {
    log(.debug, "connection \(connection.number) from \(connection.address) for \(connection.purpose)")
    state.connected(connection.number, connection.arrival(wallClock: WallClock.milliseconds), now: now)
    carryOutEffects()
  }

  func closed(_ connection: EngineConnection, _ reason: WebSocketCloseReason) {
    connections[connection.number] = nil
    log(.debug, "connection \(connection.number): \(reason)")
    perform { $0.disconnected(connection.number, now: $1) }
  }

  func received(_ kind: MessageKind, _ payload: Span<UInt8>, from connection: EngineConnection) {
    // What is left of a connection that ended before its auth function answered.
    guard !state.isArriving(connection.number) else { return }
    let telemetry = kind == .binary ? TelemetryFrame.kind(of: payload) : nil
    guard connection.purpose == .worker || telemetry != nil else { return }
    do {
      if let telemetry {
        setWallClock()
        state.received(try TelemetryFrame(telemetry, payload), now: now)
        return carryOutEffects()
      }
      guard let message = try decoder.decode(payload) else { return }
      setWallClock()
      state.received(message, from: connection.number, now: now)
    } catch {
      // As with a real engine: the worker is not told.
      return log(.warning, "connection \(connection.number): frame of \(payload.count) bytes dropped: \(error)")
    }
    carryOutEffects()
  }

  // MARK: - Effects

  func carryOutEffects() {
    for effect in state.takeEffects() { carryOut(effect) }
    carryOutChannelEffects()
    guard state.nextDeadline != timerDeadline else { return }
    timerDeadline = state.nextDeadline
    if let deadline = timerDeadline {
      timer?.start(at: MonotonicTime(milliseconds: Int64(deadline)))
    } else {
      timer?.stop()
    }
  }

  private func carryOut(_ effect: EngineEffect) {
    switch effect {
    case .send(let number, let message):
      if case .invocationResult = message, hooks.replyDelay > 0 { return delay(message, to: number) }
      send(message, to: number)
    case .close(let number): connections[number]?.socket?.close(code: nil)
    case .drop(let number): connections[number]?.socket?.abort()
    case .callOverHTTP(let call): make(call)
    case .answerHTTP(let number, let outcome): http?.answer(number, outcome)
    case .pauseReading(let number): connections[number]?.pauseReading()
    case .resumeReading(let number): connections[number]?.resumeReading()
    case .log(let level, let text): log(level, text)
    case .control(let command, let asker):
      // Before the answer to the asker is written, so that the hook holds once it arrives; what ends connections comes
      // after that, in the next turn.
      loop.atEndOfTurn { [weak self] in
        guard command.endsConnections else { self?.carryOut(command, for: asker); return }
        self?.loop.atEndOfTurn { self?.carryOut(command, for: asker) }
      }
    }
  }

  private func make(_ call: HTTPFunctionCall) {
    let request = call.request(at: WallClock.milliseconds / 1000)
    let client = httpClient
    loop.work {
      Result { () throws(HTTPFailure) in try client.perform(request) }
    } then: { [weak self] answer in
      self?.perform { $0.calledOverHTTP(call.number, answer, now: $1) }
    }
  }

  func send(_ message: EngineMessage, to number: Int) {
    guard let connection = connections[number] else { return }
    connection.send(message)
    guard let socket = connection.socket, socket.pendingOutput > Self.maximumPendingOutput else { return }
    log(.warning, "connection \(number) does not read, and \(socket.pendingOutput) bytes wait for it: dropping it")
    socket.abort()
  }
}
