import LocalProtocol

// What only root and the daemon's own user may ask for.
extension Relay {
  /// Why a client may not administer the daemon; nil for one that may.
  ///
  /// - Parameters:
  ///   - what: What it asks for, for the error.
  ///   - client: The client, by whose user id it is judged as the kernel gave it when it connected.
  /// - Returns: `FORBIDDEN`, or nil.
  func administrationRefusal(_ what: String, for client: ClientID) -> LocalError? {
    let user = state.clients.at[client.slot].uid
    if user == 0 || user == ThisProcess.userID { return nil }
    return .forbidden("\(what) is for root and the daemon's own user (\(ThisProcess.userID)); this is user \(user)")
  }

  /// Answers first: the connections are closed when the drain is over, which may be at once.
  func shutdown(_ parameters: ShutdownParameters, _ address: ReplyAddress) {
    if parameters.isImmediate, parameters.deadline != nil {
      return refuse(
        address, .invalidParameter("deadline_ms", "deadline_ms belongs to mode \"drain\"; with \"now\" nothing runs on")
      )
    }
    reply(.object(["accepted": true, "in_flight": inFlightReport]), to: address)
    let client = state.clients.at[address.client.slot]
    log.notice("shutdown was asked for by client \(client.id.generation) (uid \(client.uid), pid \(client.pid))")
    shutdownRequested?(parameters.isImmediate ? 0 : parameters.deadline)
  }

  /// Reads the configuration again; the answer comes when that is done.
  func reload(_ address: ReplyAddress) {
    guard let reloadRequested else {
      return refuse(
        address, LocalError(.failed, code: "NOTHING_TO_RELOAD", "the daemon has no configuration to read again"))
    }
    guard let postponed = postpone(address) else { return }
    let client = state.clients.at[address.client.slot]
    log.notice("reload was asked for by client \(client.id.generation) (uid \(client.uid), pid \(client.pid))")
    reloadRequested { [weak self] outcome in self?.answer(postponed, outcome) }
  }
}
