import Bytes
import Transport

/// The daemon's log: one line per message to standard error, where the journal or a terminal reads it.
///
/// Owned by ``Serve`` and handed to what logs, all on the loop's thread. Never given payloads or secrets.
final class Logger {
  /// The least level that is written.
  var level: LogLevel
  /// How lines are written.
  var format: LogFormat
  private let destination: any LogDestination
  private var limit = RepeatLimit()
  private var reportTimer: Timer?

  init(to destination: any LogDestination, format: LogFormat, level: LogLevel) {
    self.destination = destination
    self.format = format
    self.level = level
  }

  /// The time now, as the stamps of lines have it.
  var wallTime: WallTime { destination.wallTime }

  /// Whether lines of `level` are written; for callers whose message is costly to make.
  func writes(_ level: LogLevel) -> Bool { level >= self.level }

  /// Writes a line. The message is made only when its level is written.
  ///
  /// - Parameters:
  ///   - level: How much it matters.
  ///   - message: What happened.
  ///   - kind: For lines that a peer can cause again and again: what they have in common, in a few words. Only the first
  ///     few of a period are written, and then how many more there were.
  func log(_ level: LogLevel, _ message: @autoclosure () -> String, repeating kind: String? = nil) {
    guard writes(level) else { return }
    if let kind {
      let now = destination.monotonicTime
      writeReports(at: now)
      guard limit.admits(kind, level, at: now) else { return scheduleReport(now) }
    }
    write(level, message())
  }

  func debug(_ message: @autoclosure () -> String, repeating kind: String? = nil) {
    log(.debug, message(), repeating: kind)
  }

  func info(_ message: @autoclosure () -> String, repeating kind: String? = nil) {
    log(.info, message(), repeating: kind)
  }

  func notice(_ message: @autoclosure () -> String, repeating kind: String? = nil) {
    log(.notice, message(), repeating: kind)
  }

  func warning(_ message: @autoclosure () -> String, repeating kind: String? = nil) {
    log(.warning, message(), repeating: kind)
  }

  func error(_ message: @autoclosure () -> String, repeating kind: String? = nil) {
    log(.error, message(), repeating: kind)
  }

  private func write(_ level: LogLevel, _ message: String) {
    let line = format.line(level, message, at: destination.wallTime)
    destination.write(line.span)
  }
}

// MARK: - Repeated lines

extension Logger {
  /// Has withheld lines reported by a timer of `loop`; without it they are reported with the next repeated line.
  func start(on loop: EventLoop) {
    reportTimer = Timer(on: loop) { [unowned self] in
      let now = destination.monotonicTime
      writeReports(at: now)
      scheduleReport(now)
    }
  }

  /// Lets the loop go, and reports what is withheld.
  func stop() {
    reportTimer?.close()
    reportTimer = nil
    writeReports(at: .distantFuture)
  }

  private func scheduleReport(_ now: MonotonicTime) {
    guard let next = limit.nextReport, let reportTimer, !reportTimer.isActive else { return }
    reportTimer.start(after: max(1, next - now))
  }

  private func writeReports(at now: MonotonicTime) {
    for withheld in limit.takeReports(at: now) { write(withheld.level, "\(withheld.kind): \(withheld.count) more") }
  }
}
