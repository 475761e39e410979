import Transport

// Clients that do not read (local protocol, section 2.3).
extension Relay {
  /// Looks after clients with too much output from time to time, as long as there are any.
  func watchStalls() {
    guard !stallTimer.isActive else { return }
    stallTimer.start(after: 1000)
  }

  func closeStalledClients() {
    var isWatching = false
    for client in connections {
      guard let client else { continue }
      if client.isStalled(now: loop.now) {
        disconnect(client, "it has read nothing for \(limits.outputStallMilliseconds) ms")
      } else if client.isBehind {
        isWatching = true
      }
    }
    if isWatching { watchStalls() }
  }
}
