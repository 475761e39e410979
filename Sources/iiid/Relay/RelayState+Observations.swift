import III
import LocalProtocol
import Transport

// What is told of calls and invocations that are over; each is called only while somebody wants to be told.
extension RelayState {
  /// An invocation has its outcome; nil when nobody is told.
  mutating func observe(invocation slot: Int, _ answer: RelayEffect.Answer?) {
    let outcome: Observation.Outcome =
      switch answer {
      case .result: .ok
      case .failure(let failure): .failure(code: failure.code)
      case .error(let code, _): .error(code: code)
      case nil: .lost
      }
    let record = invocations.at[slot]
    effects.append(
      .observed(
        Observation(
          direction: .incoming, functionID: record.functionID, invocation: record.incoming.id,
          client: record.client == .none ? nil : record.client, startedAt: record.startedAt, outcome: outcome)))
  }

  /// An invocation was refused before any worker could have it.
  mutating func observe(refused incoming: IncomingInvocation, functionID: String, code: String, now: MonotonicTime) {
    effects.append(
      .observed(
        Observation(
          direction: .incoming, functionID: functionID, invocation: incoming.id, client: nil, startedAt: now,
          outcome: .error(code: code))))
  }

  /// A call of a client has its response; nil when its client is gone.
  mutating func observe(call slot: Int, _ reply: RelayEffect.Reply?) {
    guard let startedAt = calls.at[slot].startedAt else { return }
    let outcome: Observation.Outcome
    switch reply {
    case .tokens(let code, _, _, _, _): outcome = .failure(code: code)
    case .error(let error): outcome = .error(code: error.code)
    case .accepted: outcome = .accepted
    case nil: outcome = .lost
    default: outcome = .ok
    }
    let record = calls.at[slot]
    effects.append(
      .observed(
        Observation(
          direction: .outgoing, functionID: record.functionID, invocation: record.call?.id, client: record.reply.client,
          startedAt: startedAt, outcome: outcome)))
  }
}
