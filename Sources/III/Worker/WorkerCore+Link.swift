import Bytes

extension WorkerCore: EngineLinkOwner {
  func engineLinkChangedState(_ link: EngineLink) {
    for listener in listeners.values { listener.yield(link.state) }
    switch link.state {
    case .connected: connected(.success(()))
    case .failed: end(refusal)
    case .connecting, .disconnected, .reconnecting: break
    }
  }

  func engineLink(
    _ link: EngineLink, answered context: Int, _ outcome: CallOutcome, _ text: Span<UInt8>, hasNewlines: Bool
  ) {
    switch outcome {
    case .result(let range?): finish(context, .success(JSON(valid: [UInt8](copying: text.extracting(range)))))
    case .result(nil): finish(context, .success(.null))
    case .error(let code, let message, let stacktrace):
      fail(
        context, EngineLink.string(text.extracting(code)), EngineLink.string(text.extracting(message)),
        stacktrace: stacktrace.map { EngineLink.string(text.extracting($0)) })
    case .failure(let failure): fail(context, failure)
    }
  }

  func fail(_ number: Int, _ failure: CallFailure) {
    switch failure {
    case .timedOut(let milliseconds):
      fail(number, InvocationError.timeout, "invocation timed out after \(milliseconds)ms")
    case .linkLost(let reason): fail(number, InvocationError.notConnected, "the connection was lost: \(reason)")
    case .shutdown: fail(number, InvocationError.shutdown, "iii is shutting down")
    case .rejected(let code, let message): fail(number, code, message)
    case .unusable(let reason): fail(number, InvocationError.unknown, reason)
    }
  }

  func engineLink(
    _ link: EngineLink, invoked invocation: IncomingInvocation, _ members: InvocationMembers, _ text: Span<UInt8>
  ) {
    let functionID = EngineLink.string(text.extracting(members.functionID))
    guard let handler = handlers[functionID] else {
      let error = InvocationError(code: "function_not_found", message: "Function '\(functionID)' not found")
      return answer(invocation, functionID, .failure(error))
    }
    func json(_ range: Range<Int>?) -> JSON? {
      range.map { JSON(valid: [UInt8](copying: text.extracting($0))) }
    }
    let call = Invocation(
      functionID: functionID, id: invocation.text, payload: json(members.payload) ?? .null,
      metadata: json(members.metadata),
      traceparent: members.traceparent.map { EngineLink.string(text.extracting($0)) },
      baggage: members.baggage.map { EngineLink.string(text.extracting($0)) })
    // Never on the loop: a handler may take its time.
    Task.detached { [weak worker] in
      let result: Result<JSON, any Error>
      do { result = .success(try await handler(call)) } catch { result = .failure(error) }
      await worker?.answer(invocation, functionID, result)
    }
  }

  func engineLink(_ link: EngineLink, registrationOf functionID: String, became state: RegistrationState) {
    switch state {
    case .pending: break
    case .active, .unconfirmed: registrations.removeValue(forKey: functionID)?.continuation.resume()
    case .rejected(let code, let owner):
      // One that is registered and was refused on a later connection stays: the next one may have room.
      guard let registration = registrations.removeValue(forKey: functionID) else { return }
      handlers[functionID] = nil
      link.unregisterFunction(functionID)
      registration.continuation.resume(
        throwing: InvocationError(
          code: code, message: "the engine refused the function" + (owner.map { ": worker \($0) has it" } ?? ""),
          functionID: functionID))
    }
  }

  func engineLinkLostConnection(_ link: EngineLink, reason: String) { ownTriggers.forgetRefusals() }

  func engineLinkDrained(_ link: EngineLink) {}

  func engineLinkStopped(_ link: EngineLink) {
    isStopped = true
    end(nil)
    for continuation in stopping { continuation.resume() }
    stopping = []
    for listener in listeners.values { listener.finish() }
    listeners = [:]
  }
}
