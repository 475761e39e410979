// Engine protocol, section 1.3.
extension EngineState {
  /// A connection was made: before anything else, the auth function of its listener decides about it.
  ///
  /// - Parameters:
  ///   - connection: The server's number for it.
  ///   - arrival: Who comes, and what for.
  ///   - now: The time.
  package mutating func connected(_ connection: Int, _ arrival: Arrival, now: Int) {
    guard let function = arrival.rules.access?.authFunction else {
      return admit(connection, arrival, Session(rules: arrival.rules), now)
    }
    access.arrivals[connection] = arrival
    // What it sends meanwhile waits in the socket.
    effects.append(.pauseReading(connection))
    dispatch(
      OutgoingInvocation(id: makeID(), functionID: function, data: arrival.description), to: FunctionKey(id: function),
      from: nil, for: .admission(of: connection), nil, now)
  }

  /// Whether nothing of a connection may be taken yet.
  package func isArriving(_ connection: Int) -> Bool { access.arrivals[connection] != nil }

  /// The auth function has answered.
  mutating func authenticated(_ connection: Int, result: JSONValue?, error: ErrorBody?, _ now: Int) {
    guard let arrival = access.arrivals.removeValue(forKey: connection) else { return }
    do {
      let session = try Session(authenticating: result, error, rules: arrival.rules)
      effects.append(.resumeReading(connection))
      admit(connection, arrival, session, now)
    } catch {
      log(.warning, "connection \(connection) from \(arrival.address): refused by the auth function: \(error.message)")
      send(.authenticationFailed(error), to: connection)
      effects.append(.close(connection))
    }
  }

  private mutating func admit(_ connection: Int, _ arrival: Arrival, _ session: Session, _ now: Int) {
    guard arrival.purpose == .worker else { return }
    var worker = WorkerRecord(
      connection: connection, id: makeID().description,
      reattachToken: compatibility.hasReattach ? makeID().description : nil, address: arrival.address,
      connectedAt: arrival.wallClock, session: session, phase: .settled(namespace: FunctionKey.defaultNamespace))
    if compatibility.holdsRegistrations, options.graceMilliseconds > 0 {
      let deadline = now + options.graceMilliseconds
      worker.phase = .awaitingAnnounce(deadline: deadline, held: [])
      graceDeadlines.append((deadline, connection))
    }
    workers[connection] = worker
    connections[worker.id] = connection
    send(.workerRegistered(workerID: worker.id, reattachToken: worker.reattachToken), to: connection)
    fireWorkersAvailable("worker_connected", worker.id, now)
  }
}

extension Session {
  /// The session that the auth function's answer makes.
  ///
  /// - Throws: What the one who wants to connect is told.
  fileprivate init(authenticating result: JSONValue?, _ error: ErrorBody?, rules: ListenerRules) throws(ErrorBody) {
    if let error { throw .authentication(error.message) }
    guard let result, result != .null else { throw .authentication("auth function returned no result") }
    guard let members = result.object else {
      throw .authentication("auth function returned \(result.kindName), expected an object")
    }
    do throws(DecodingFailure) {
      try self.init(members, rules: rules)
    } catch {
      throw .authentication("auth function returned no session: \(error)")
    }
  }
}

extension ErrorBody {
  fileprivate static func authentication(_ message: String) -> ErrorBody {
    ErrorBody(code: "AUTH_ERROR", message: message)
  }
}
