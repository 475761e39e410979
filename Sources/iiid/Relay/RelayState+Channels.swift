import LocalProtocol
import Transport

// Requests about channels; what becomes of them is told by ``ChannelTable``.
extension RelayState {
  /// Why a connection cannot become the end of a channel; nil when it can. It gives up its lines, so nothing may be under
  /// way on them.
  mutating func attachRefusal(for client: ClientID) -> LocalError? {
    if let refusal = refusal(for: client) { return refusal }
    let record = clients.at[client.slot]
    let obstacles = [
      record.calls.isEmpty ? nil : "requests that are not answered",
      record.functions.isEmpty && record.invocations.isEmpty ? nil : "functions",
      record.triggers.isEmpty ? nil : "bindings",
      isProvider(client) ? "trigger types" : nil,
      record.subscriptions == 0 ? nil : "subscriptions",
    ].compactMap(\.self)
    guard !obstacles.isEmpty else { return nil }
    return .invalidRequest(
      "attach_channel needs a connection of its own: this one has \(obstacles.joined(separator: " and "))")
  }

  /// A request whose answer waits for a channel, or, without an id, a connection that is the end of one.
  mutating func awaitChannel(_ reply: ReplyAddress) -> Int {
    addCall(CallRecord(reply: reply, phase: .channel, functionID: ""))
  }

  /// A request that waits for something to read, until `deadline`.
  mutating func awaitReading(_ reply: ReplyAddress, until deadline: MonotonicTime) -> Int {
    let slot = addCall(CallRecord(reply: reply, phase: .reading, functionID: ""))
    callDeadlines.insert(token: slot, at: deadline)
    return slot
  }

  /// What a channel answers.
  mutating func channelAnswered(_ slot: Int, _ reply: RelayEffect.Reply) {
    if calls.has(slot) { settle(slot, reply) }
  }
}
