import Transport
import WebSocket

extension DevEngineServer {
  /// Carries out a test hook that the worker on connection `asker` asked for.
  func carryOut(_ command: ControlCommand, for asker: Int) {
    log(.info, "test hook: \(command)")
    let connection = { [state, connections] (worker: String?) in
      (worker.map { state.connection(of: $0) } ?? asker).flatMap { connections[$0] }
    }
    switch command {
    case .dropAll: dropAll()
    case .drop(let worker): connection(worker)?.socket?.abort()
    case .refuse(let count, let milliseconds, let closesListener):
      refuse(count, milliseconds, closesListener: closesListener)
    case .stall(let worker): connection(worker)?.stall()
    case .delayReplies(let milliseconds): hooks.replyDelay = milliseconds
    case .sendRaw(let worker, let text): connection(worker)?.socket?.send(text: text)
    case .close(let worker, let code):
      connection(worker)?.socket?.close(code: code.map { CloseCode(rawValue: UInt16(clamping: $0)) })
    }
  }

  private func dropAll() {
    for number in state.allConnections { connections[number]?.socket?.abort() }
  }

  private func refuse(_ count: Int?, _ milliseconds: Int?, closesListener: Bool) {
    let milliseconds = milliseconds ?? (count == nil ? 1000 : 0)
    guard closesListener else {
      hooks.refusedConnections = count ?? 0
      hooks.refusedUntil = milliseconds > 0 ? now + milliseconds : 0
      return
    }
    stopListening()
    hooks.timer = Timer(on: loop) { [weak self] in self?.listenAgain() }
    hooks.timer?.start(after: max(1, milliseconds))
  }

  private func listenAgain() {
    do throws(ListenerError) {
      try listen()
    } catch {
      log(.error, "cannot listen again: \(error)")
    }
  }

  /// Sends a result later.
  func delay(_ message: EngineMessage, to number: Int) {
    hooks.delay(message, to: number, now: now)
    scheduleDelayed()
  }

  private func scheduleDelayed() {
    guard let first = hooks.delayed.first else { return }
    if hooks.delayTimer == nil {
      hooks.delayTimer = Timer(on: loop) { [weak self] in self?.sendDelayed() }
    }
    hooks.delayTimer?.start(at: MonotonicTime(milliseconds: Int64(first.time)))
  }

  private func sendDelayed() {
    while let (connection, message) = hooks.nextDue(at: now) { send(message, to: connection) }
    scheduleDelayed()
  }
}
