import Bytes
import III
import LocalProtocol
import RawJSON
import Transport

// What the engine link tells.
extension Relay: EngineLinkOwner {
  func engineLinkChangedState(_ link: EngineLink) {
    let status = link.status
    let was = state.linkState
    state.linkChanged(to: status.state, error: status.lastError, now: loop.now)
    logLink(status, was: was)
    perform()
    outbox.keeper?.linkChanged(isConnected: status.state == .connected)
    if status.state != was {
      publish(.connection, about: "", connectionEvent)
      if status.state == .connected { askAboutWatch() }
    }
    statusChanged?()
  }

  func engineLink(
    _ link: EngineLink, answered context: Int, _ outcome: CallOutcome, _ text: Span<UInt8>, hasNewlines: Bool
  ) {
    // Below zero are those of the daemon itself.
    if context < 0 { return ownAnswered(context, outcome, text) }
    state.answered(context, outcome, text, hasNewlines: hasNewlines)
    perform(text)
  }

  /// The engine's answer to what the daemon asks for itself: about its events, or for the outbox.
  private func ownAnswered(_ context: Int, _ outcome: CallOutcome, _ text: Span<UInt8>) {
    if context <= OutboxKeeper.firstContext {
      outbox.keeper?.answered(context, outcome, text)
    } else {
      watchAnswered(context, outcome, text)
    }
  }

  func engineLink(
    _ link: EngineLink, invoked invocation: IncomingInvocation, _ members: InvocationMembers, _ text: Span<UInt8>
  ) {
    guard let functionID = String(jsonToken: text.extracting(members.functionID)) else { return }
    if !watch.triggers.isEmpty, functionID == watch.functionID { return watched(invocation, members, text) }
    state.invoked(invocation, members, functionID: functionID, now: loop.now, text)
    perform(text)
  }

  func engineLink(_ link: EngineLink, registrationOf functionID: String, became registration: RegistrationState) {
    if functionID == watch.functionID { return watchRegistration(became: registration) }
    state.registration(of: functionID, became: registration)
    if let slot = state.functionSlots[functionID] {
      publish(.registration, about: functionID, functionEvent(state.functions.at[slot]))
    }
    if case .rejected(let code, let owner) = registration {
      log.warning("function \(functionID) was refused: \(code)" + (owner.map { ", it belongs to worker \($0)" } ?? ""))
    }
    perform()
    statusChanged?()
  }

  func engineLink(
    _ link: EngineLink, asked trigger: IncomingTrigger, _ members: TriggerMembers, _ text: Span<UInt8>
  ) {
    state.asked(
      for: trigger, config: members.config.map { Array(copying: text.extracting($0)) },
      metadata: members.metadata.map { Array(copying: text.extracting($0)) },
      namespace: members.namespace.flatMap { String(jsonToken: text.extracting($0)) } ?? "default", now: loop.now)
    perform()
  }

  func engineLink(_ link: EngineLink, removedTrigger members: TriggerMembers, _ text: Span<UInt8>) {
    guard let id = String(jsonToken: text.extracting(members.id)) else { return }
    state.removedTrigger(id, now: loop.now)
    perform()
  }

  func engineLinkRecoveredTriggers(_ link: EngineLink) {
    state.recoveredTriggers(on: link.generation, now: loop.now)
    perform()
  }

  func engineLink(_ link: EngineLink, refusedTrigger id: String, _ failure: TriggerFailure) {
    if let topic = watch.topic(of: id) {
      watchRefused(topic, failure)
    } else if let record = state.triggers[id], record.waiting == nil {
      log.warning(
        "the binding of \(record.functionID) to \(record.triggerType) was refused: \(failure.code): \(failure.message)")
    }
    state.triggerRefused(id, code: failure.code, failure.message)
    perform()
  }

  func engineLinkLostConnection(_ link: EngineLink, reason: String) {
    log.warning("lost the connection to the engine: \(reason)")
    loggedLinkError = reason
    state.connectionLost()
    perform()
  }

  func engineLink(_ link: EngineLink, failedToConnect reason: String) {
    // The same failure of the next attempt is no news.
    if reason != loggedLinkError { log.warning("no connection to the engine: \(reason)") }
    loggedLinkError = reason
    statusChanged?()
  }

  func engineLink(_ link: EngineLink, ignoredFrameOf type: String?, _ reason: String?) {
    if let type {
      log.debug("a frame of the engine of type \(type.prefix(64)) is of no use here, ignoring")
    } else {
      log.warning("a frame of the engine cannot be read, ignoring: \(reason ?? "")", repeating: "unreadable frames")
    }
  }

  private func logLink(_ status: LinkStatus, was: ConnectionState) {
    guard status.state != was else { return }
    if status.state == .connected {
      loggedLinkError = nil
      log.notice("connected to the engine")
    } else if status.state == .failed {
      log.error("the engine refused this worker: \(status.lastError ?? "no reason given")")
    }
  }

  func engineLinkDrained(_ link: EngineLink) {}

  func engineLinkStopped(_ link: EngineLink) { linkStopped() }
}
