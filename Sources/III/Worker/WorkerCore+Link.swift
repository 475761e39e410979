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
