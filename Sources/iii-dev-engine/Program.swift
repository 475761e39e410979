import DevEngine
import Transport

/// The executable: arguments, loop, engine, signals.
@main
enum Program {
  /// `EX_USAGE` of `sysexits.h`.
  private static let usageStatus: Int32 = 64
  /// `EX_UNAVAILABLE`: the address cannot be listened on.
  private static let unavailableStatus: Int32 = 69

  static func main() {
    do {
      switch try Invocation(Array(CommandLine.arguments.dropFirst())) {
      case .help: StandardStream.output.write(OptionDefinition.help)
      case .version: StandardStream.output.write("iii-dev-engine \(DevEngine.version)\n")
      case .run(let options, let level, let endsWithInput):
        HostProcess.exit(run(options, log: { write($0, $1, least: level) }, endsWithInput: endsWithInput))
      }
    } catch {
      StandardStream.error.write("iii-dev-engine: \(error) (see 'iii-dev-engine --help')\n")
      HostProcess.exit(usageStatus)
    }
  }

  private static func write(_ level: LogLevel, _ text: String, least: LogLevel) {
    guard level >= least else { return }
    let mark = level == .info ? "" : "\(level.name): "
    StandardStream.error.write("iii-dev-engine: \(mark)\(text)\n")
  }

  /// Serves until a signal, or until standard input ends; the process's status.
  private static func run(
    _ options: ServerOptions, log: @escaping (LogLevel, String) -> Void, endsWithInput: Bool
  ) -> Int32 {
    // Writing to a log that nobody reads any more is no reason to end.
    HostProcess.ignoreBrokenPipes()
    HostProcess.prepareThreadPool(threads: 32)
    do {
      let loop = try EventLoop()
      let server = try DevEngineServer(on: loop, options: options, log: log)
      let end = {
        server.close()
        loop.stop()
      }
      let signals = try HostProcess.endingSignals.map { try SignalSource(on: loop, signal: $0, end) }
      let input = endsWithInput ? try waitForInput(on: loop, end) : nil
      announce(server, options, log)
      loop.run()
      for signal in signals { signal.close() }
      input?.close()
      loop.close()
      return 0
    } catch {
      log(.error, "\(error)")
      return unavailableStatus
    }
  }

  private static func waitForInput(on loop: EventLoop, _ end: @escaping () -> Void) throws(UsageError) -> InputEnd {
    do {
      return try InputEnd(on: loop, end)
    } catch {
      throw UsageError(
        "--exit-with-stdin: standard input cannot be waited for: \(error); give it a pipe, or leave the option out")
    }
  }

  private static func announce(
    _ server: DevEngineServer, _ options: ServerOptions, _ log: (LogLevel, String) -> Void
  ) {
    log(.warning, "this is a development engine: it keeps nothing and lets everybody in; do not use it in production")
    for listener in options.listeners where listener.isReachableFromOutside {
      log(.warning, "it listens on \(listener.host): whoever reaches that address can call and register functions")
    }
    if options.engine.httpFunctions == .any, options.listeners.contains(where: \.isReachableFromOutside) {
      log(.warning, "with --http-functions any, whoever reaches that address can make this host send HTTP requests")
    }
    if options.engine.testHooks { log(.warning, "test hooks are on: dev::control can break connections") }
    if let port = server.httpPort {
      log(.info, "the trigger type http is served on http://\(options.listeners[0].authority(port: port))")
    }
    // In one piece, so that who has read the first line can read them all. The first one is the main listener's; the
    // others' have another form, so that nobody takes one for it.
    let lines = zip(options.listeners, server.ports).enumerated().map { index, listener in
      "iii-dev-engine \(index == 0 ? "" : "also ")listening on ws://\(listener.0.authority(port: listener.1))\n"
    }
    StandardStream.output.write(lines.joined())
  }
}
