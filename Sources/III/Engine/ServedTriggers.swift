/// The triggers that providers of this worker's types serve, and what is to be said to them: for each trigger one call at
/// a time, in order, register and unregister in turn.
///
/// Owned by the owner of an ``EngineLink``, which carries out what the methods return. Pure. Whatever an engine sends,
/// there is at most one call under way and one intention for each trigger: of what comes while a handler is busy, the
/// last counts, because an engine replaces a trigger that is registered again (engine protocol, section 4.2).
package struct ServedTriggers<Offer: TriggerOffer> {
  /// What is to be done.
  package enum Order {
    /// Call the handler's `registerTrigger`, and tell `finished`.
    case register(Offer)
    /// Call the handler's `unregisterTrigger`, and tell `finished`.
    case unregister(Offer)
    /// Tell the engine.
    case answer(IncomingTrigger, TriggerFailure?)
  }

  private enum Intention {
    case serve(Offer)
    case end
  }

  private struct Entry {
    /// What the handler has taken.
    var held: Offer?
    /// What the handler is asked to take.
    var offered: Offer?
    /// Whether the handler is busy with it.
    var isBusy = false
    /// What is to become of it after that.
    var intention: Intention?
  }

  private var entries: [String: Entry] = [:]
  private let limit: Int

  /// Nothing served; at most `limit` triggers will be.
  package init(limit: Int = 10_000) { self.limit = limit }

  /// How many triggers there are.
  package var count: Int { entries.count }

  /// How many triggers of a type its provider has taken.
  package func count(ofType type: String) -> Int { entries.values.count { $0.held?.asked.triggerType == type } }

  /// The engine asks for a trigger: a new one, a changed one, or one that it asks for on every connection.
  package mutating func ask(for trigger: Offer) -> [Order] {
    let id = trigger.asked.id
    guard entries[id] != nil || entries.count < limit else {
      let message = "this worker serves at most \(limit) triggers"
      return [.answer(trigger.asked, TriggerFailure(code: TriggerFailure.registrationFailed, message: message))]
    }
    entries[id, default: Entry()].intention = .serve(trigger)
    return proceed(id)
  }

  /// A trigger is no more. One that nobody serves needs nothing.
  package mutating func end(_ id: String) -> [Order] {
    guard entries[id] != nil else { return [] }
    entries[id]?.intention = .end
    return proceed(id)
  }

  /// The triggers whose type is no more, or all of them.
  package mutating func endAll(ofType type: String?) -> [Order] {
    endAll { type == nil || $0.asked.triggerType == type }
  }

  /// The engine has asked again, on the connection of this number, for everything that it still holds.
  package mutating func recovered(on generation: Int) -> [Order] { endAll { $0.asked.generation < generation } }

  /// The provider of a type is gone, and hears nothing any more; what it was asked for fails.
  package mutating func drop(ofType type: String, _ failure: TriggerFailure) -> [Order] {
    let ids = entries.filter { _, entry in [entry.held, entry.offered].contains { $0?.asked.triggerType == type } }.keys
    var orders: [Order] = []
    for id in ids.sorted() {
      if case .serve(let trigger) = entries[id]?.intention {
        orders.append(.answer(trigger.asked, failure))
      } else if entries[id]?.intention == nil, let offered = entries[id]?.offered {
        orders.append(.answer(offered.asked, failure))
      }
      entries[id] = nil
    }
    return orders
  }

  private mutating func endAll(where isOver: (Offer) -> Bool) -> [Order] {
    let ids = entries.filter { _, entry in
      let latest: Offer? =
        switch entry.intention {
        case .serve(let trigger): trigger
        case .end: nil
        case nil: entry.offered ?? entry.held
        }
      return latest.map(isOver) ?? false
    }
    return ids.keys.sorted().flatMap { end($0) }
  }

  /// The handler has done what it was asked to, or has thrown.
  package mutating func finished(_ id: String, _ failure: TriggerFailure?) -> [Order] {
    guard var entry = entries[id], entry.isBusy else { return [] }
    entry.isBusy = false
    var orders: [Order] = []
    if let offered = entry.offered {
      entry.offered = nil
      entry.held = failure == nil ? offered : nil
      // An answer about what is superseded would be taken for one about what follows.
      if entry.intention == nil { orders.append(.answer(offered.asked, failure)) }
    } else {
      entry.held = nil
    }
    entries[id] = entry
    return orders + proceed(id)
  }

  private mutating func proceed(_ id: String) -> [Order] {
    guard var entry = entries[id], !entry.isBusy else { return [] }
    guard let intention = entry.intention else {
      if entry.held == nil { entries[id] = nil }
      return []
    }
    if let held = entry.held {
      entry.isBusy = true
      if case .end = intention { entry.intention = nil }
      entries[id] = entry
      return [.unregister(held)]
    }
    guard case .serve(let trigger) = intention else {
      entries[id] = nil
      return []
    }
    entry.intention = nil
    entry.offered = trigger
    entry.isBusy = true
    entries[id] = entry
    return [.register(trigger)]
  }
}
