import III
import Transport

/// `iiid serve`: the daemon, from its arguments to its exit status.
///
/// Owns everything that lives as long as the process: the loop, the listener, the link, the relay, the signals.
final class Serve {
  /// As it is in force.
  var configuration: ServeConfiguration
  let commandLine: ParsedCommandLine
  let environment: [String: String]
  let manager: ServiceManager
  let log: Logger
  /// How the log is written unless a setting says so.
  let ownLogFormat: LogFormat
  let loop: EventLoop

  var listener: Listener?
  var isInherited = false
  var outboxFile = OutboxFile.none
  var devEngine: DevEngineProcess?
  var link: EngineLink?
  var relay: Relay?
  var signals: [SignalSource] = []
  /// Tells the service manager that the loop is alive.
  var watchdog: Timer?
  /// Runs while draining: asks the service manager for more time, and ends what does not end by itself.
  var drainTimer: Timer?
  var drainEnds: MonotonicTime?
  var statusIsDue = false
  /// What the service manager was told last.
  var toldStatus = ""
  /// Who waits for the configuration to be read again.
  var waitingReloads: [ReloadAnswer] = []
  var isReloading = false
  /// Why it was not taken over when it was read last.
  var reloadProblem: String?
  var exitCode = ExitCode.success

  /// Arguments → configuration → loop → start → run → exit status.
  static func run(_ commandLine: ParsedCommandLine, _ environment: [String: String]) -> ExitCode {
    ThisProcess.ignoreBrokenPipes()
    let manager = ServiceManager()
    let output = StandardError()
    let format = output.format(environment)
    let log = Logger(to: output, format: format, level: .info)
    do throws(StartFailure) {
      let configuration = try failing { () throws(ConfigurationError) in
        try ServeConfiguration.load(commandLine, environment)
      }
      if commandLine.contains(.check) { return approve(configuration) }
      log.level = configuration.logLevel
      log.format = configuration.logForm.format ?? format
      let serve = try Serve(configuration, commandLine, environment, manager, log, format)
      try serve.start()
      return serve.runToTheEnd()
    } catch {
      // A person at a terminal reads what a command says; the journal reads a log.
      for line in error.lines { if format == .journal { log.error(line) } else { ThisProcess.complain(line) } }
      manager.failed(error.description, error: error.error)
      manager.waitUntilHeard()
      return error.code
    }
  }

  /// `--check`: says that everything is well, and what with.
  private static func approve(_ configuration: ServeConfiguration) -> ExitCode {
    for warning in configuration.warnings { ThisProcess.complain("warning: \(warning)") }
    let files = configuration.files.isEmpty ? "no files" : configuration.files.joined(separator: ", ")
    return CommandOutput.show("configuration is valid: \(files)\n")
  }

  private init(
    _ configuration: ServeConfiguration, _ commandLine: ParsedCommandLine, _ environment: [String: String],
    _ manager: ServiceManager, _ log: Logger, _ ownLogFormat: LogFormat
  ) throws(StartFailure) {
    self.configuration = configuration
    self.commandLine = commandLine
    self.environment = environment
    self.manager = manager
    self.log = log
    self.ownLogFormat = ownLogFormat
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
    try listen()
    try openOutbox()
    try listenToSignals()
    if configuration.isDevelopment {
      try startDevEngine(configuration.development)
    } else {
      startRelay(configuration.engineURL)
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
    relay?.outbox.keeper?.close()
    return exitCode
  }

  static func failing<Value>(
    _ body: () throws(ConfigurationError) -> Value
  ) throws(StartFailure) -> Value {
    do throws(ConfigurationError) {
      return try body()
    } catch {
      throw StartFailure(error)
    }
  }
}

extension Serve {
  /// One line for the service manager.
  var statusText: String {
    let text = relay?.statusText ?? "Starting"
    return reloadProblem.map { "\(text); the changed configuration is not in force: \($0)" } ?? text
  }

  /// The service manager is told once per turn, whatever happened in it, and only what is new.
  func statusChanged() {
    guard !statusIsDue else { return }
    statusIsDue = true
    loop.atEndOfTurn { [unowned self] in
      statusIsDue = false
      guard relay != nil, statusText != toldStatus else { return }
      toldStatus = statusText
      manager.status(toldStatus)
    }
  }
}
