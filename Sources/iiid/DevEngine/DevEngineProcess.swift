import Bytes
import III
import Transport

/// The development engine of `iiid serve --dev`: a child process that is started, started again when it dies, and ended
/// with the daemon, however that ends.
///
/// Owned by ``Serve``.
final class DevEngineProcess {
  /// How long it may take until it listens for the first time, in milliseconds.
  private static let startLimit = 10_000
  /// How long it may take to end when it is asked to, in milliseconds.
  private static let endLimit = 2000
  /// A process that ran this long did not fail at its start: the next wait is the shortest again. In milliseconds.
  private static let steadyAfter = 10_000

  /// What it was told, and what it is doing.
  private enum State {
    /// Started; has not said yet that it listens.
    case starting
    /// Listens.
    case running
    /// Died, and is started again by the timer.
    case waiting
    /// Was told to end.
    case ending(finished: () -> Void)
    /// Is not there, and is not started again.
    case ended
  }

  private let loop: EventLoop
  private let executable: String
  private let environment: [String]
  private let log: Logger
  private let settings: DevelopmentEngine
  /// The port on 127.0.0.1; the one that it chose, once that is known, so that clients find it again after a restart.
  private var port: Int
  private var state = State.ended
  private var child: ChildProcess?
  private var startedAt: MonotonicTime
  private var backoff = Backoff(initial: 500, maximum: 10_000, jitter: 0)
  private var timer: Timer?
  private var hasListened = false

  /// Called once, when it listens for the first time, with its port.
  var listening: ((UInt16) -> Void)?
  /// Called at most once, when it never comes to listen: why. Nothing is started again then.
  var failed: ((String) -> Void)?

  init(on loop: EventLoop, executable: String, settings: DevelopmentEngine, environment: [String: String], log: Logger)
  {
    self.loop = loop
    self.executable = executable
    self.settings = settings
    port = settings.port
    self.environment = Self.inherited(environment)
    self.log = log
    startedAt = loop.now
    timer = Timer(on: loop) { [unowned self] in timerFired() }
  }

  /// The environment of the child: ours, without what is the daemon's alone.
  static func inherited(_ environment: [String: String]) -> [String] {
    let withheld = ServiceManager.privateVariables.union(["III_TOKEN"])
    return environment.filter { !withheld.contains($0.key) }.map { "\($0.key)=\($0.value)" }.sorted()
  }

  /// Starts it for the first time.
  func start() {
    guard case .ended = state else { return }
    launch()
  }

  /// Ends it: asks first, and does not ask twice.
  func stop(_ finished: @escaping () -> Void) {
    switch state {
    case .starting, .running:
      state = .ending(finished: finished)
      child?.kill(Signals.terminate)
      timer?.start(after: Self.endLimit)
    case .waiting, .ended:
      close()
      finished()
    case .ending:
      break
    }
  }

  /// Ends it at once.
  func close() {
    state = .ended
    child?.kill(Signals.kill)
    child?.close()
    child = nil
    timer?.close()
  }
}

// MARK: - What it says

extension DevEngineProcess: SocketStreamOwner {
  /// What stands on standard output without an end is no line of ours beyond this many bytes.
  private static var lineLimit: Int { 4096 }

  func streamReceived(_ stream: SocketStream) {
    var input = stream.input.take()
    while let end = input.span.indices.first(where: { input.span[$0] == UInt8(ascii: "\n") }) {
      let line = String(utf8: input.span.extracting(0..<end)) ?? ""
      input.consume(end + 1)
      said(line)
    }
    if input.count > Self.lineLimit { input.removeAll() }
    stream.input = input
  }

  func streamClosed(_ stream: SocketStream, _ error: Errno?) {}
}

// MARK: - What happens to it

extension DevEngineProcess {
  private func launch() {
    startedAt = loop.now
    state = .starting
    do throws(Errno) {
      let child = try ChildProcess(
        on: loop, executable: executable, arguments: settings.arguments(port: port), environment: environment,
        readingOutput: true
      ) { [weak self] status in self?.ended("\(status)") }
      self.child = child
      child.output?.start(owner: self)
      timer?.start(after: Self.startLimit)
    } catch {
      ended("cannot be started from \(executable): \(error)")
    }
  }

  private func said(_ line: String) {
    if let url = DevEngineAnnouncement.furtherURL(in: line) {
      return log.warning("development engine also on \(url), with the rules of its configuration file")
    }
    guard case .starting = state, let port = DevEngineAnnouncement.port(in: line) else { return }
    self.port = Int(port)
    state = .running
    timer?.stop()
    log.warning(
      "development engine on ws://127.0.0.1:\(port), not for production: it asks nobody who they are and keeps nothing")
    guard !hasListened else { return }
    hasListened = true
    listening?(port)
  }

  private func ended(_ how: String) {
    child?.close()
    child = nil
    switch state {
    case .ending(let finished):
      timer?.close()
      state = .ended
      finished()
    case .starting, .running:
      guard hasListened else {
        return fail(
          "the development engine \(how) before it listened; it may say why above, or is port \(port) in use?")
      }
      if loop.now - startedAt >= Self.steadyAfter { backoff.reset() }
      let wait = backoff.next(random: 0)
      log.warning("development engine \(how), starting it again in \(wait) ms")
      state = .waiting
      timer?.start(after: wait)
    case .waiting, .ended:
      break
    }
  }

  private func timerFired() {
    switch state {
    case .waiting: launch()
    case .starting:
      guard hasListened else { return fail("the development engine does not listen after \(Self.startLimit / 1000) s") }
      log.warning("development engine does not listen after \(Self.startLimit / 1000) s, ending it")
      child?.kill(Signals.kill)
    case .ending:
      log.warning("development engine does not end, killing it")
      child?.kill(Signals.kill)
    case .running, .ended: break
    }
  }

  private func fail(_ reason: String) {
    close()
    failed?(reason)
  }
}
