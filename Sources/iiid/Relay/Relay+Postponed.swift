import LocalProtocol

// Requests that the daemon itself answers, but not at once: because it waits for a thread, or for another client.
extension Relay {
  /// Keeps a request open until ``answer(_:_:)`` is called. Meanwhile it is as open as one that waits for the engine: it
  /// counts among its connection's requests, can be cancelled, keeps a half-closed connection open, and a drain waits for it.
  ///
  /// - Parameters:
  ///   - address: Where the answer goes.
  ///   - isCancellable: Whether the client may give the request up.
  /// - Returns: What is to be given to ``answer(_:_:)``; nil when the request was refused instead.
  func postpone(_ address: ReplyAddress, isCancellable: Bool = true) -> PostponedReply? {
    if let refusal = state.refusal(for: address.client) {
      refuse(address, refusal)
      return nil
    }
    return state.postpone(address, isCancellable: isCancellable)
  }

  /// Answers a request that was kept open; nothing happens when it has its answer already, or its client is gone.
  ///
  /// - Parameters:
  ///   - reply: What ``postpone(_:)`` returned.
  ///   - outcome: The result or the error.
  func answer(_ reply: PostponedReply, _ outcome: Result<Report, LocalError>) {
    switch outcome {
    case .success(let report): state.answer(reply, .report(report))
    case .failure(let error): state.answer(reply, .error(error))
    }
    perform()
  }
}
