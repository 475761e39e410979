import Bytes
import IIIObservability

extension WorkerCore: EngineLinkOwner {
  func engineLinkChangedState(_ link: EngineLink) {
    tellState()
    switch link.state {
    case .connected:
      telemetry?.workerID = link.status.workerID
      sendWaiting()
      connected(.success(()))
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

  func engineLinkLostConnection(_ link: EngineLink, reason: String) { ownTriggers.forgetRefusals() }

  func engineLinkDrained(_ link: EngineLink) {}

  func engineLinkStopped(_ link: EngineLink) { stopped() }
}
