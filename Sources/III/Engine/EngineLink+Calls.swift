package import Transport
import WebSocket

extension EngineLink {
  /// Calls a function.
  ///
  /// - Parameters:
  ///   - text: Where the members stand; copied before the call returns.
  ///   - members: Its ranges. All of them were checked for what an engine does not take (`JSONEnvelope.violation`).
  ///   - action: How the call is carried out; with `.enqueue`, `members.queue` is needed.
  ///   - deadline: When the link stops waiting for the answer; not used for `.void`.
  ///   - context: Comes back with the outcome.
  /// - Returns: What became of it. `.void` is kept for the next connection while there is none.
  package func call(
    _ text: Span<UInt8>, _ members: InvocationMembers, action: CallAction, deadline: MonotonicTime, context: Int
  ) -> Submission {
    var frame = OutgoingCall(id: nil, members: members, action: action, inheritedNamespace: nil)
    if members.namespace == nil { frame.inheritedNamespace = namespace(of: text.extracting(members.functionID)) }
    guard session.isReady, let connection else { return callOffline(text, frame) }
    guard action != .void else {
      let size = frame.size
      guard size <= options.maximumMessage else {
        return .refused(.tooLarge(limit: options.maximumMessage, size: size))
      }
      connection.send(.text, sizeHint: size) { frame.append(text, to: &$0) }
      return .accepted(buffered: false)
    }
    // Any id has the same length, so the size can be told before one is drawn.
    frame.id = UUIDBits(high: 0, low: 0)
    let size = frame.size
    guard size <= options.maximumMessage else {
      return .refused(.tooLarge(limit: options.maximumMessage, size: size))
    }
    guard
      let (slot, id) = calls.insert(
        random: (random.next(), random.next()), purpose: .owner, context: context, limit: deadline - loop.now)
    else { return .refused(.queueFull) }
    frame.id = id
    setDeadline(ofCall: slot, at: deadline)
    connection.send(.text, sizeHint: size) { frame.append(text, to: &$0) }
    return .sent(CallID(id: id))
  }

  /// Forgets a call: its answer finds nothing, and the owner hears nothing. Without effect for one that is over.
  package func cancel(_ call: CallID) {
    guard let slot = calls.slot(of: call.id) else { return }
    _ = calls.remove(slot)
    clearDeadline(ofCall: slot)
  }

  /// A call while there is no connection: void ones wait for the next.
  private func callOffline(_ text: Span<UInt8>, _ frame: borrowing OutgoingCall) -> Submission {
    switch session.phase {
    case .refused(let code, let message): return .refused(.failed(code: code, message: message))
    case .closing, .stopped: return .refused(.shuttingDown)
    case .idle, .waiting, .attempting, .announcing, .unannounced, .ready: break
    }
    guard frame.action == .void else {
      return .refused(.notConnected(session.state, lastError: session.lastError))
    }
    let size = frame.size
    guard size <= options.maximumMessage else {
      return .refused(.tooLarge(limit: options.maximumMessage, size: size))
    }
    let isQueued = queue.append(size: size) { frame.append(text, to: &$0) }
    return isQueued ? .accepted(buffered: true) : .refused(.queueFull)
  }

  /// The namespace of a call that names none: the worker's own, but for the engine's functions the default one (engine
  /// protocol, section 3.7). Nil when the worker has none, because older engines do not know the member.
  func namespace(of functionToken: Span<UInt8>) -> [UInt8]? {
    guard let ownNamespace else { return nil }
    return Self.isEngineFunction(functionToken) ? engineNamespace : ownNamespace
  }

  private static func isEngineFunction(_ token: Span<UInt8>) -> Bool {
    starts(token, with: #""engine::"#) || starts(token, with: #""configuration::"#)
  }

  private static func starts(_ text: Span<UInt8>, with prefix: String) -> Bool {
    let prefix = prefix.utf8.span
    guard text.count >= prefix.count else { return false }
    for index in prefix.indices where text[index] != prefix[index] { return false }
    return true
  }
}

// MARK: - Outcomes

extension EngineLink {
  /// An answer of the engine. One that nobody waits for is counted and dropped (engine protocol, section 10, lesson 26).
  func received(_ outcome: CallOutcome, of id: UUIDBits, _ text: Span<UInt8>) {
    guard let slot = calls.slot(of: id), let call = calls.remove(slot) else {
      strayResults += 1
      return
    }
    clearDeadline(ofCall: slot)
    guard call.purpose == .owner else { return answered(call, outcome, text) }
    owner?.engineLink(self, answered: call.context, outcome, text, hasNewlines: reader.hasNewlines)
  }

  /// The deadline of a call has passed.
  func expire(slot: Int) {
    guard let call = calls.remove(slot) else { return }
    let failure = CallFailure.timedOut(milliseconds: call.limit)
    guard call.purpose == .owner else {
      let nothing: [UInt8] = []
      answered(call, .failure(failure), nothing.span)
      return carryOut()
    }
    fail(call, failure)
  }

  /// Ends every call in flight: no answer comes on another connection.
  func failCalls(_ failure: CallFailure) {
    // The owner is called in between: it may cancel others, but cannot add any now.
    for slot in calls.slots {
      guard let call = calls.remove(slot) else { continue }
      clearDeadline(ofCall: slot)
      if call.purpose == .owner { fail(call, failure) }
    }
  }

  private func fail(_ call: CallTable.Entry, _ failure: CallFailure) {
    let nothing: [UInt8] = []
    owner?.engineLink(self, answered: call.context, .failure(failure), nothing.span, hasNewlines: false)
  }
}
