extension WorkerCore {
  /// Tells `listener` the present state, and then each change.
  func listen(_ listener: AsyncStream<ConnectionState>.Continuation) -> Int {
    listener.yield(toldState)
    if ending == .over { listener.finish() }
    nextListener += 1
    listeners[nextListener] = listener
    return nextListener
  }

  /// Tells the listener of this number no more.
  func unlisten(_ number: Int) { listeners[number] = nil }

  /// Tells the listeners the present state. Between a loss and the attempts that follow comes `disconnected`, as in the
  /// other SDKs (engine protocol, section 8.1).
  func tellState() {
    if toldState == .connected, link.state == .reconnecting { tell(.disconnected) }
    tell(link.state)
  }

  private func tell(_ state: ConnectionState) {
    guard state != toldState else { return }
    toldState = state
    for listener in listeners.values { listener.yield(state) }
  }
}
