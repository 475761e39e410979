extension EngineState {
  /// A worker's frame arrived. Frames of a connection that the state has ended already are ignored.
  package mutating func received(_ message: WorkerMessage, from connection: Int, now: Int) {
    guard workers[connection] != nil else { return }
    guard let message = message.understood(by: compatibility) else {
      return log(
        .warning, "connection \(connection): a frame that engines of \(compatibility.name) do not know, dropped")
    }
    if holds(message, from: connection) { return }
    handle(message, from: connection, now)
  }

  /// Does what a frame says.
  mutating func handle(_ message: WorkerMessage, from connection: Int, _ now: Int) {
    switch message {
    case .reattach(let previous, let token): reattach(connection, previous, token, now)
    case .registration(let registration): register(registration, from: connection, now)
    case .invoke(let call): invoke(call, from: connection, now)
    case .result(let id, let result, let error): resolve(id, result: result, error: error, now)
    case .triggerRegistrationResult(let result): triggerRegistered(result, by: connection, now)
    case .ping: send(.pong, to: connection)
    case .pong: break
    }
  }

  /// A worker's connection ended, however.
  package mutating func disconnected(_ connection: Int, now: Int) {
    access.arrivals[connection] = nil
    remove(connection, now)
  }

  /// The former connection of a worker gives way to its new one, if the token is right (engine protocol, section 2.2).
  private mutating func reattach(_ connection: Int, _ previous: String, _ token: String?, _ now: Int) {
    guard let former = connections[previous], former != connection, let worker = workers[former] else { return }
    guard let token, let right = worker.reattachToken, token.isSameBytes(as: right) else {
      return log(.warning, "worker \(previous): reattach with a wrong token, ignoring")
    }
    log(.info, "worker \(previous): replaced by its next connection")
    remove(former, now)
    effects.append(.drop(former))
  }

  /// Forgets a worker: its functions are gone, calls that it executes fail, calls that it made go nowhere.
  mutating func remove(_ connection: Int, _ now: Int) {
    guard let worker = workers.removeValue(forKey: connection) else { return }
    connections[worker.id] = nil
    access.held[connection] = nil
    graceDeadlines.removeAll { $0.connection == connection }
    functions = functions.filter { $0.value.owner != connection }
    removeTriggers(of: connection, now)
    let affected = pending.filter { $0.value.executor == connection || $0.value.reply?.connection == connection }
    for (id, invocation) in affected.sorted(by: { $0.value.sequence < $1.value.sequence }) {
      pending[id] = nil
      if invocation.reply?.connection != connection {
        conclude(invocation, result: nil, error: .invocationStopped, now)
      }
    }
    fireWorkersAvailable("worker_disconnected", worker.id, now)
  }

  // MARK: - Effects

  mutating func send(_ message: EngineMessage, to connection: Int) { effects.append(.send(connection, message)) }

  mutating func log(_ level: LogLevel, _ text: String) { effects.append(.log(level, text)) }
}
