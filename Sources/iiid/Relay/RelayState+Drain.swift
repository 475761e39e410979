import LocalProtocol
import Transport

// The orderly end (local protocol, section 2.9).
extension RelayState {
  /// New requests are refused from now on, functions are unregistered and workers told; ``RelayEffect/drained`` follows
  /// when nothing is in flight any more, at the latest at `deadline`.
  mutating func beginDrain(reason: String, deadline: MonotonicTime, now: MonotonicTime) {
    guard drainDeadline == nil else { return }
    drainDeadline = deadline
    let remaining = Int(deadline.milliseconds - now.milliseconds)
    for slot in functions.slots {
      guard let function = functions[slot] else { continue }
      effects.append(.unregister(id: function.id))
      for call in function.waiting { settle(call, .error(.shuttingDown())) }
    }
    for slot in clients.slots {
      guard let client = clients[slot], !client.functions.isEmpty else { continue }
      effects.append(.announceDrain(client.id, reason: reason, deadlineMilliseconds: remaining))
    }
    for slot in parked.keys.sorted() { settle(slot, .error(.shuttingDown())) }
    finishDrainIfDone()
  }

  /// What the engine and clients still wait for.
  var inFlight: (calls: Int, invocations: Int) {
    let waiting = invocations.slots.count {
      if case .abandoned = invocations[$0]?.phase { false } else { true }
    }
    return (calls.count, waiting)
  }

  mutating func finishDrainIfDone() {
    guard isDraining, !isDrained, inFlight == (0, 0) else { return }
    isDrained = true
    effects.append(.drained)
  }

  mutating func giveUpDraining() {
    for slot in invocations.slots {
      guard let record = invocations[slot] else { continue }
      let answer = RelayEffect.Answer.error(
        code: "invocation_stopped", message: "SHUTTING_DOWN: the drain's deadline has passed")
      if case .queued = record.phase {
        conclude(slot, answer)
        functions[record.function]?.queue.removeAll { $0 == slot }
        invocations.remove(slot)
      } else {
        abandon(slot, answer, .drain)
      }
    }
    for slot in calls.slots {
      forget(slot)
      settle(slot, .error(.shuttingDown()))
    }
    finishDrainIfDone()
  }
}
