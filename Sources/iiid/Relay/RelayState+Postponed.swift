import LocalProtocol

// Requests that the daemon itself answers later.
extension RelayState {
  /// Keeps a request open until ``answer(_:_:)`` is called.
  ///
  /// - Parameters:
  ///   - reply: Where the answer goes.
  ///   - isCancellable: Whether the client may give the request up.
  /// - Returns: What is to be given to ``answer(_:_:)``.
  mutating func postpone(_ reply: ReplyAddress, isCancellable: Bool = true) -> PostponedReply {
    postponements += 1
    let phase: CallRecord.Phase = isCancellable ? .postponed(postponements) : .storing(postponements)
    let slot = addCall(CallRecord(reply: reply, phase: phase, functionID: ""))
    return PostponedReply(call: slot, number: postponements)
  }

  /// Whether the request still waits for its answer: it was not cancelled, and its client is there.
  func isOpen(_ postponed: PostponedReply) -> Bool {
    guard calls.has(postponed.call) else { return false }
    let phase = calls.at[postponed.call].phase
    return phase == .postponed(postponed.number) || phase == .storing(postponed.number)
  }

  mutating func answer(_ postponed: PostponedReply, _ content: RelayEffect.Reply) {
    if isOpen(postponed) { settle(postponed.call, content) }
  }
}
