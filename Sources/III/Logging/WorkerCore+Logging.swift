import Transport

extension WorkerCore {
  /// Tells people; the message is made only when it is written.
  func log(_ level: WorkerLog.Level, _ message: @autoclosure () -> String) {
    guard let omitted = logLimit.admit(loop.now) else { return }
    if omitted > 0 { log.write(.warning, "\(omitted) messages were left out") }
    log.write(level, WorkerLog.line(message()))
  }

  func engineLink(_ link: EngineLink, ignoredFrameOf type: String?, _ reason: String?) {
    if let type {
      // What newer engines say beyond what we asked for is no fault (engine protocol, section 9.4).
      guard MessageType(rawValue: type) == nil else { return }
      log(.warning, "a frame of the type '\(type)', which nobody knows, was dropped")
    } else {
      log(.warning, "a frame of the engine was dropped: \(reason ?? "it cannot be read")")
    }
  }
}
