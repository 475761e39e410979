package import Transport
package import WebSocket

extension EngineLink {
  /// Makes the next connection. Connections are one-shot; how this one ends is told by `webSocketClosed`.
  func connect() {
    generation += 1
    dropReason = nil
    connection = WebSocketConnection(
      connectingTo: options.url, on: loop, headers: options.headerLines, tls: options.tls,
      limits: FrameLimits(maximumFrame: options.maximumMessage, maximumMessage: options.maximumMessage),
      connectTimeout: options.connectLimit, owner: self)
  }

  /// Drops the connection at once; `reason` says why, if that is not known yet.
  func drop(_ reason: String?) {
    dropReason = reason ?? dropReason
    connection?.abort()
  }

  /// Sends a ping when one is due, and gives up on an engine that has been silent, or has taken nothing of what waits,
  /// for too long (engine protocol, section 10, lesson 6).
  func heartbeat() {
    guard let connection, session.isOpen else { return }
    let now = loop.now
    let patience = connection.lastReceived + options.idleLimit
    if now >= patience {
      // After a standstill of our own (a suspended machine, a stopped process) what came meanwhile was not read yet: one
      // turn of the loop for it.
      guard isDoubtful else {
        isDoubtful = true
        return setDeadline(.heartbeat, at: now + 1)
      }
      return drop("nothing was heard from the engine for \(options.idleLimit / 1000) s")
    }
    isDoubtful = false
    if connection.pendingOutput == 0 || connection.bytesWritten != writtenBefore {
      writtenBefore = connection.bytesWritten
      lastProgress = now
    } else if now >= lastProgress + options.idleLimit {
      return drop("the engine has taken nothing for \(options.idleLimit / 1000) s")
    }
    if now >= nextPing {
      connection.ping()
      nextPing = now + options.pingInterval
    }
    setDeadline(.heartbeat, at: min(nextPing, patience))
  }
}

extension EngineLink: WebSocketConnectionOwner {
  /// The engine took the upgrade: everything is sent at once.
  package func webSocketOpened(_ connection: WebSocketConnection) {
    guard connection === self.connection else { return }
    nextPing = loop.now + options.pingInterval
    lastProgress = loop.now
    isDoubtful = false
    setDeadline(.heartbeat, at: min(nextPing, loop.now + options.idleLimit))
    session.opened(loop.now)
    carryOut()
  }

  /// A frame of the engine. What cannot be read is dropped, and the connection goes on (lesson 5).
  package func webSocket(_ connection: WebSocketConnection, received kind: MessageKind, _ payload: Span<UInt8>) {
    guard connection === self.connection, session.isOpen else { return }
    switch reader.read(payload) {
    case .result(let id, let outcome): received(outcome, of: id, payload)
    case .invocation(let id, let members):
      owner?.engineLink(self, invoked: IncomingInvocation(id: id, generation: generation), members, payload)
    case .trigger(let members): received(trigger: members, payload)
    case .triggerRemoved(let members): owner?.engineLink(self, removedTrigger: members, payload)
    case .triggerResult(let id, let failure): received(resultOf: id, failure)
    case .workerRegistered(let workerID, let reattachToken, let features):
      session.greeted(workerID: workerID, reattachToken: reattachToken, features: features)
    case .registrationRejected(let rejection): session.rejected(rejection, loop.now)
    case .error(let code, let message): session.complained(code: code, message: message)
    case .ping: send(#"{"type":"pong"}"#)
    case .pong: break
    case .unknown(let type): ignore(type: type, nil)
    case .malformed(let reason): ignore(type: nil, reason)
    }
    carryOut()
  }

  func ignore(type: String?, _ reason: String?) {
    ignoredFrames += 1
    owner?.engineLink(self, ignoredFrameOf: type, reason)
  }

  /// The output has run empty.
  package func webSocketDrained(_ connection: WebSocketConnection) {
    guard connection === self.connection else { return }
    owner?.engineLinkDrained(self)
  }

  /// The connection, or the attempt to make one, is over, however it ended (lessons 3 and 4).
  package func webSocketClosed(_ connection: WebSocketConnection, _ reason: WebSocketCloseReason) {
    guard connection === self.connection else { return }
    self.connection = nil
    clearDeadline(.heartbeat)
    clearDeadline(.grace)
    questions.removeAll()
    let wasOpen = session.isOpen
    session.closed(dropReason ?? "\(reason)", random: random.next(), loop.now)
    carryOut()
    if !wasOpen, session.state != .disconnected, let error = session.lastError {
      owner?.engineLink(self, failedToConnect: error)
    }
  }
}
