import LocalProtocol
import Transport

// The orderly end (local protocol, section 2.9).
extension RelayState {
  /// New requests are refused from now on, functions are unregistered and workers told; ``RelayEffect/drained`` follows
  /// when nothing is in flight any more, at the latest at `deadline`.
  mutating func beginDrain(reason: String, deadline: MonotonicTime, now: MonotonicTime) {
    guard drainDeadline == nil else { return }
    drainDeadline = deadline
    for slot in functions.slots {
      effects.append(.unregister(id: functions.at[slot].id))
      for call in functions.at[slot].waiting { settle(call, .error(.shuttingDown())) }
    }
    let providers = Set(triggerTypes.values.map(\.client.slot))
    for slot in clients.slots where !clients.at[slot].functions.isEmpty || providers.contains(slot) {
      effects.append(
        .announceDrain(clients.at[slot].id, reason: reason, deadlineMilliseconds: max(0, deadline - now)))
    }
    // A writer may take its time; what is under way goes on.
    for slot in calls.slots where calls.at[slot].phase == .reading {
      forget(slot)
      settle(slot, .error(.shuttingDown()))
    }
    for slot in parked.keys.sorted() { settle(slot, .error(.shuttingDown())) }
    finishDrainIfDone()
  }

  /// A drain under way may take until `deadline` at the longest.
  mutating func hastenDrain(deadline: MonotonicTime) {
    if let current = drainDeadline { drainDeadline = min(current, deadline) }
  }

  /// How many calls clients still wait for, and how many invocations the engine.
  var inFlight: (calls: Int, invocations: Int) {
    (calls.count, invocations.slots.count { invocations.at[$0].phase != .abandoned })
  }

  mutating func finishDrainIfDone() {
    guard isDraining, !isDrained, inFlight == (0, 0), outboxInFlight == 0 else { return }
    isDrained = true
    effects.append(.drained)
  }

  mutating func giveUpDraining() {
    for slot in invocations.slots {
      giveUp(
        slot, .error(code: "invocation_stopped", message: "SHUTTING_DOWN: the drain's deadline has passed"), .drain)
    }
    for slot in calls.slots {
      forget(slot)
      settle(slot, .error(.shuttingDown()))
    }
    // They are in the file, and made again by the next daemon.
    outboxInFlight = 0
    finishDrainIfDone()
  }
}
