import III
import Transport

/// `iiid serve`: the daemon, from its arguments to its exit status.
///
/// Owns everything that lives as long as the process: the loop, the listener, the link, the relay, the signals.
final class Serve {
  private let configuration: ServeConfiguration
  private let environment: [String: String]
  private let manager: ServiceManager
  private let log: Logger
  private let loop: EventLoop

  private var token: BearerToken?
  private var listener: Listener?
  private var isInherited = false
  private var devEngine: DevEngineProcess?
  private var link: EngineLink?
  private var relay: Relay?
  private var signals: [SignalSource] = []
  /// Tells the service manager that the loop is alive.
  private var watchdog: Timer?
  /// Runs while draining: asks the service manager for more time, and ends what does not end by itself.
  private var drainTimer: Timer?
  private var drainEnds: MonotonicTime?
  private var statusIsDue = false
  private var exitCode = ExitCode.success

  /// Arguments → configuration → loop → start → run → exit status.
  static func run(_ commandLine: ParsedCommandLine, _ environment: [String: String]) -> ExitCode {
    ThisProcess.ignoreBrokenPipes()
    let manager = ServiceManager()
    let output = StandardError()
    let format = output.format(environment)
    let log = Logger(to: output, format: format, level: .info)
    do throws(StartFailure) {
      let sources = SettingSources(
        commandLine: commandLine, environment: environment, userID: ThisProcess.userID)
      let configuration = try failing { () throws(ConfigurationError) in try ServeConfiguration(reading: sources) }
      log.level = configuration.logLevel.value
      let serve = try Serve(configuration, environment, manager, log)
      try serve.start()
      return serve.runToTheEnd()
    } catch {
      // A person at a terminal reads what a command says; the journal reads a log.
      if format == .journal { log.error(error.description) } else { ThisProcess.complain(error.description) }
      manager.failed(error.description, error: error.error)
      manager.waitUntilHeard()
      return error.code
    }
  }

  private init(
    _ configuration: ServeConfiguration, _ environment: [String: String], _ manager: ServiceManager, _ log: Logger
  ) throws(StartFailure) {
    self.configuration = configuration
    self.environment = environment
    self.manager = manager
    self.log = log
    do throws(Errno) {
      loop = try EventLoop()
    } catch {
      throw StartFailure("event loop: \(error)", .systemError, error: error)
    }
  }

  /// Checks → socket → signals → engine and relay; what fails here ends the process before anyone was served.
  private func start() throws(StartFailure) {
    log.start(on: loop)
    for warning in configuration.warnings { log.warning(warning) }
    ThisProcess.raiseDescriptorLimit()
    let group = try Serve.failing { () throws(ConfigurationError) in try readFiles() }
    try listen(group)
    try listenToSignals()
    switch configuration.engine.value {
    case .existing(let url): startRelay(url)
    case .development(let port): try startDevEngine(port)
    }
  }

  /// The loop, until something stops it; then everything is closed in the opposite order of the start.
  private func runToTheEnd() -> ExitCode {
    loop.run()
    listener?.close()
    devEngine?.close()
    log.notice("iiid ends with status \(exitCode.rawValue)")
    log.stop()
    manager.waitUntilHeard()
    signals.removeAll()
    loop.close()
    return exitCode
  }

  private static func failing<Value>(
    _ body: () throws(ConfigurationError) -> Value
  ) throws(StartFailure) -> Value {
    do throws(ConfigurationError) {
      return try body()
    } catch {
      throw StartFailure(error)
    }
  }
}

// MARK: - Start

extension Serve {
  /// Reads and checks what the configuration names: token, certificates, group.
  private func readFiles() throws(ConfigurationError) -> UInt32? {
    switch configuration.token.value {
    case .text(let token)?: self.token = token
    case .file(let path)?:
      let file = try SecretFile(path: path)
      if file.isExposed { log.warning("\(path): every user may read the token; chmod o-r \(path)") }
      do throws(SettingProblem) {
        token = try BearerToken(file.content)
      } catch {
        throw ConfigurationError("\(path): \(error.reason); \(error.remedy)")
      }
    case nil: break
    }
    if let path = configuration.certificateFile.value, let problem = ThisProcess.problemReading(path) {
      throw ConfigurationError("\(configuration.certificateFile.origin): \(path): \(problem)")
    }
    guard let name = configuration.socketGroup.value else { return nil }
    guard let group = UnixSocketFile.group(named: name) else {
      throw ConfigurationError("\(configuration.socketGroup.origin): there is no group '\(name)'")
    }
    return group
  }

  /// Takes the service manager's socket, or makes one. Nobody is accepted before the relay is there.
  private func listen(_ group: UInt32?) throws(StartFailure) {
    let accepted: (SocketStream) -> Void = { [unowned self] stream in relay?.accept(stream) }
    let path = configuration.socketPath.value
    let inherited: Descriptor?
    do throws(ConfigurationError) {
      inherited = try manager.inheritedSocket()
    } catch {
      throw StartFailure(error)
    }
    do throws(ListenerError) {
      if let inherited {
        isInherited = true
        listener = try Listener(on: loop, inherited: inherited, accepted)
      } else {
        listener = try Listener(on: loop, unixPath: path, accepted)
      }
    } catch {
      throw StartFailure(error)
    }
    listener?.pause()
    listener?.acceptFailed = { [unowned self] error in
      log.warning("a connection could not be accepted: \(error)", repeating: "refused connections")
    }
    guard let group, !isInherited else { return }
    do throws(Errno) {
      try UnixSocketFile.give(path, toGroup: group)
    } catch {
      throw StartFailure(
        "\(path): cannot be given to the group of --socket-group: \(error)", .cannotCreate, error: error)
    }
  }

  private func listenToSignals() throws(StartFailure) {
    do throws(Errno) {
      for signal in [Signals.terminate, Signals.interrupt] {
        signals.append(try SignalSource(on: loop, signal: signal) { [unowned self] in terminated(by: signal) })
      }
      signals.append(
        try SignalSource(on: loop, signal: Signals.hangUp) { [unowned self] in
          log.notice("SIGHUP: there is no configuration to reload yet, ignoring")
        })
    } catch {
      throw StartFailure("signals: \(error)", .systemError, error: error)
    }
  }

  private func startDevEngine(_ port: UInt16) throws(StartFailure) {
    guard let executable = Executable.find("iii-dev-engine", searchPath: environment["PATH"]) else {
      throw StartFailure("--dev: iii-dev-engine is neither beside iiid nor on PATH; install it", .unavailable)
    }
    let engine = DevEngineProcess(on: loop, executable: executable, port: port, environment: environment, log: log)
    devEngine = engine
    engine.listening = { [unowned self] port in
      startRelay(WebSocketURL(isSecure: false, host: "127.0.0.1", port: port))
    }
    engine.failed = { [unowned self] reason in
      log.error(reason)
      manager.failed(reason)
      finish(.unavailable)
    }
    engine.start()
  }

  /// The link and the relay, and with them readiness: the engine itself may be away.
  private func startRelay(_ url: WebSocketURL) {
    let link = EngineLink(loop: loop, options: linkOptions(url))
    let relay = Relay(loop: loop, limits: limits, link: link, log: log)
    self.link = link
    self.relay = relay
    relay.statusChanged = { [unowned self] in statusChanged() }
    link.start()
    listener?.resume()
    startWatchdog()
    let socket = isInherited ? "the service manager's socket" : configuration.socketPath.value
    log.notice("iiid \(Version.current) serves \(socket) as worker \(link.options.name) of \(url.withoutQuery)")
    manager.ready(status: relay.statusText)
  }

  private func linkOptions(_ url: WebSocketURL) -> LinkOptions {
    let name = configuration.name.value ?? "\(ThisProcess.hostName):\(ThisProcess.processID)"
    var options = LinkOptions(url: url, name: name, version: Version.current)
    options.namespace = configuration.namespace.value
    options.isolation = configuration.isolation.value
    if devEngine == nil {
      options.token = token?.secret
      options.tls = TLSOptions(certificateFile: configuration.certificateFile.value)
    }
    return options
  }

  private var limits: RelayLimits {
    var limits = RelayLimits()
    limits.connections = configuration.connectionLimit.value
    limits.connectionsPerUser = configuration.connectionLimitPerUser.value
    limits.lineBytes = configuration.lineLimit.value
    return limits
  }

  private func startWatchdog() {
    guard let interval = manager.watchdogInterval else { return }
    let timer = Timer(on: loop) { [unowned self] in manager.alive() }
    timer.start(after: 0, repeatingEvery: interval)
    watchdog = timer
  }
}

// MARK: - Status

extension Serve {
  /// The service manager is told once per turn, whatever happened in it.
  private func statusChanged() {
    guard !statusIsDue else { return }
    statusIsDue = true
    loop.atEndOfTurn { [unowned self] in
      statusIsDue = false
      if let relay { manager.status(relay.statusText) }
    }
  }
}

// MARK: - End

extension Serve {
  /// How often the service manager is asked for more time while draining, and how much it is asked for, in milliseconds.
  private static var patience: (interval: Int, extension: Int) { (1000, 5000) }
  /// How long after its deadline a drain may still take, in milliseconds: for the engine to close the connection.
  private static var drainGrace: Int { 5000 }

  private func terminated(by signal: Int32) {
    let name = Signals.name(signal)
    if drainEnds != nil {
      log.warning("\(name) again: ending at once")
      return finish(.signal(signal))
    }
    guard let relay else {
      log.notice("\(name): ending")
      drainEnds = loop.now
      return finish(.success)
    }
    let deadline = loop.now + configuration.drainTimeout.value
    drainEnds = deadline + Self.drainGrace
    log.notice("\(name): draining, for at most \(configuration.drainTimeout.value) ms")
    // Whoever connects from now on is kept waiting by the kernel for the next daemon. On a socket of our own nobody will
    // come for them, so they are answered that we are going.
    if isInherited { listener?.pause() }
    manager.stopping(status: relay.statusText)
    let timer = Timer(on: loop) { [unowned self] in drainTimerFired() }
    timer.start(after: 0, repeatingEvery: Self.patience.interval)
    drainTimer = timer
    relay.drain(reason: name, deadline: deadline) { [unowned self] in drained() }
  }

  private func drainTimerFired() {
    guard let drainEnds, loop.now < drainEnds else {
      log.error("draining did not end, ending without it")
      return finish(.systemError)
    }
    manager.extendTimeout(milliseconds: Self.patience.extension)
  }

  private func drained() {
    log.info("drained")
    guard let devEngine else { return finish(.success) }
    devEngine.stop { [unowned self] in finish(.success) }
  }

  private func finish(_ code: ExitCode) {
    exitCode = code
    loop.stop()
  }
}
