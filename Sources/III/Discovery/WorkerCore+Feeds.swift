import Bytes

extension WorkerCore {
  /// Registers a function that nobody else needs to see, and binds it to a trigger type of the engine.
  ///
  /// - Returns: The function's id, by which the feed is closed.
  func open(_ feed: EventFeed, of triggerType: String, config: JSON) throws -> String {
    let id = "iii::feed::\(link.makeTriggerID())"
    let definition = try FunctionDefinition(
      of: id, description: "Hears of \(triggerType)", metadata: ["internal": true], requestFormat: nil,
      responseFormat: nil)
    // First the feed: a firing may follow at once.
    feeds[id] = feed
    do {
      try register(0, id, definition, nil)
      feeds[id]?.triggerID = try register(
        RegisterTriggerInput(triggerType: triggerType, functionID: id, config: config))
    } catch {
      closeFeed(id)
      throw error
    }
    return id
  }

  /// Takes a feed back. Without effect the second time.
  func closeFeed(_ id: String) {
    guard let feed = feeds.removeValue(forKey: id) else { return }
    if let triggerID = feed.triggerID { unregisterTrigger(triggerID) }
    unregister(id, 0)
    feed.finish()
  }

  /// The worker is over: so are all sequences.
  func endFeeds() {
    let all = feeds.values
    feeds = [:]
    for feed in all { feed.finish() }
  }

  /// A firing has come for a feed's function.
  func deliver(
    _ invocation: IncomingInvocation, _ members: InvocationMembers, _ text: Span<UInt8>, to feed: EventFeed
  ) {
    let event = members.payload.map { JSON(valid: [UInt8](copying: text.extracting($0))) } ?? .null
    if !feed.deliver(event) {
      log(.warning, "a sequence of the engine's events is not read fast enough: older ones are dropped")
    }
    let nothing = JSON.null.utf8
    link.answer(invocation, functionToken: text.extracting(members.functionID), result: nothing.span)
  }
}
