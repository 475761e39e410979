import Transport

// Signals, and the way out.
extension Serve {
  /// How often the service manager is asked for more time while draining, and how much it is asked for, in milliseconds.
  private static var patience: (interval: Int, extension: Int) { (1000, 5000) }
  /// How long after its deadline a drain may still take, in milliseconds: for the engine to close the connection.
  private static var drainGrace: Int { 5000 }

  func terminated(by signal: Int32) {
    let name = Signals.name(signal)
    if drainEnds != nil {
      log.warning("\(name) again: ending at once")
      return finish(.signal(signal))
    }
    end(reason: name, within: configuration.drainTimeout)
  }

  /// Drains, and ends the process then. Asked again, what was asked for the earlier moment counts.
  ///
  /// - Parameters:
  ///   - reason: What workers and the log are told.
  ///   - limit: How long what is in flight may run on, in milliseconds.
  func end(reason: String, within limit: Int) {
    guard let relay else {
      log.notice("\(reason): ending")
      drainEnds = loop.now
      return finish(.success)
    }
    let deadline = loop.now + limit
    if let current = drainEnds {
      drainEnds = min(current, deadline + Self.drainGrace)
      log.notice("\(reason) again: for at most \(limit) ms more")
      return relay.hastenDrain(deadline: deadline)
    }
    drainEnds = deadline + Self.drainGrace
    log.notice("\(reason): draining, for at most \(limit) ms")
    // Whoever connects from now on is kept waiting by the kernel for the next daemon. On a socket of our own nobody will
    // come for them, so they are answered that we are going.
    if isInherited { listener?.pause() }
    manager.stopping(status: statusText)
    let timer = Timer(on: loop) { [unowned self] in drainTimerFired() }
    timer.start(after: 0, repeatingEvery: Self.patience.interval)
    drainTimer = timer
    relay.drain(reason: reason, deadline: deadline) { [unowned self] in drained() }
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

  func finish(_ code: ExitCode) {
    exitCode = code
    loop.stop()
  }
}
