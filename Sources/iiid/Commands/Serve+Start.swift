import III
import Transport

// What is opened before anyone is served.
extension Serve {
  /// Takes the service manager's socket, or makes one. Nobody is accepted before the relay is there.
  func listen() throws(StartFailure) {
    let accepted: (SocketStream) -> Void = { [unowned self] stream in relay?.accept(stream) }
    let path = configuration.socketPath
    let inherited: Descriptor?
    do throws(ConfigurationError) {
      inherited = try manager.inheritedSocket()
    } catch {
      throw StartFailure(error)
    }
    // A path may be missing only where the service manager's socket was expected.
    if inherited == nil, path.isEmpty { throw StartFailure(SocketPath.missing) }
    do throws(ListenerError) {
      if let inherited {
        isInherited = true
        warnOfUnusedSocket()
        listener = try Listener(on: loop, inherited: inherited, accepted)
      } else {
        listener = try Listener(on: loop, unixPath: path, mode: configuration.socketMode, accepted)
      }
    } catch {
      throw StartFailure(error)
    }
    listener?.pause()
    listener?.acceptFailed = { [unowned self] error in
      log.warning("a connection could not be accepted: \(error)", repeating: "refused connections")
    }
    guard let group = configuration.socketGroupID, !isInherited else { return }
    do throws(Errno) {
      try UnixSocketFile.give(path, toGroup: group)
    } catch {
      throw StartFailure(
        "\(path): cannot be given to the group of \(configuration.origin(of: .socketGroup)): \(error)", .cannotCreate,
        error: error)
    }
  }

  /// Where the service manager listens, what its unit says counts.
  private func warnOfUnusedSocket() {
    for row in SettingDefinition.socket {
      switch configuration.origin(of: row) {
      case .flag, .file:
        log.warning("\(configuration.origin(of: row)) is not used: the service manager has made the socket")
      // Clients find the socket by the variable.
      case .environment, .builtIn: break
      }
    }
  }

  func listenToSignals() throws(StartFailure) {
    do throws(Errno) {
      for signal in [Signals.terminate, Signals.interrupt] {
        signals.append(try SignalSource(on: loop, signal: signal) { [unowned self] in terminated(by: signal) })
      }
      signals.append(
        try SignalSource(on: loop, signal: Signals.hangUp) { [unowned self] in
          log.notice("SIGHUP: reading the configuration again")
          reload { _ in }
        })
    } catch {
      throw StartFailure("signals: \(error)", .systemError, error: error)
    }
  }

  func startDevEngine(_ settings: DevelopmentEngine) throws(StartFailure) {
    guard let executable = Executable.find("iii-dev-engine", searchPath: environment["PATH"]) else {
      throw StartFailure("--dev: iii-dev-engine is neither beside iiid nor on PATH; install it", .unavailable)
    }
    let engine = DevEngineProcess(
      on: loop, executable: executable, settings: settings, environment: environment, log: log)
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
  func startRelay(_ url: WebSocketURL) {
    let link = EngineLink(loop: loop, options: linkOptions(url))
    let relay = Relay(loop: loop, limits: configuration.limits, link: link, log: log)
    self.link = link
    self.relay = relay
    relay.policy = configuration.policy
    relay.statusChanged = { [unowned self] in statusChanged() }
    relay.shutdownRequested = { [unowned self] limit in
      end(reason: "shutdown", within: limit ?? configuration.drainTimeout)
    }
    relay.reloadRequested = { [unowned self] answer in reload(answer) }
    relay.outbox = service(for: relay)
    link.start()
    listener?.resume()
    startWatchdog()
    let socket = isInherited ? "the service manager's socket" : configuration.socketPath
    log.notice("iiid \(Version.current) serves \(socket) as worker \(link.options.name) of \(url.withoutQuery)")
    toldStatus = statusText
    manager.ready(status: toldStatus)
    readAgain()
  }

  private func linkOptions(_ url: WebSocketURL) -> LinkOptions {
    let name = configuration.name ?? "\(ThisProcess.hostName):\(ThisProcess.processID)"
    var options = LinkOptions(url: url, name: name, version: Version.current)
    options.namespace = configuration.namespace
    options.isolation = configuration.isolation
    options.connectLimit = configuration.connectTimeout
    options.pingInterval = configuration.pingInterval
    options.idleLimit = configuration.idleTimeout
    options.backoff = Backoff(maximum: configuration.longestReconnect)
    options.maximumMessage = configuration.limits.messageBytes
    options.queuedCallLimit = configuration.limits.queuedCalls
    options.queuedByteLimit = configuration.limits.queuedBytes
    if devEngine == nil {
      options.token = configuration.token?.secret
      options.tls = TLSOptions(certificateFile: configuration.certificateFile)
    }
    return options
  }

  private func startWatchdog() {
    guard let interval = manager.watchdogInterval else { return }
    let timer = Timer(on: loop) { [unowned self] in manager.alive() }
    timer.start(after: 0, repeatingEvery: interval)
    watchdog = timer
  }
}
