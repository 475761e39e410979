import LocalProtocol

// Requests that the daemon itself answers later.
extension RelayState {
  mutating func postpone(_ reply: ReplyAddress) -> PostponedReply {
    postponements += 1
    let slot = addCall(CallRecord(reply: reply, phase: .postponed(postponements), functionID: ""))
    return PostponedReply(call: slot, number: postponements)
  }

  /// Whether the request still waits for its answer: it was not cancelled, and its client is there.
  func isOpen(_ postponed: PostponedReply) -> Bool {
    calls.has(postponed.call) && calls.at[postponed.call].phase == .postponed(postponed.number)
  }

  mutating func answer(_ postponed: PostponedReply, _ content: RelayEffect.Reply) {
    if isOpen(postponed) { settle(postponed.call, content) }
  }
}
