import Bytes
import LocalProtocol
import Outbox
import RawJSON

// Calls that are kept on disk until the engine has them (local protocol, section 4).
extension Relay {
  /// Keeps a call; the answer comes when it is on the disk.
  func store(_ parameters: TriggerParameters, _ text: Span<UInt8>, _ address: ReplyAddress) {
    if let refusal = storingRefusal(parameters, address) { return refuse(address, refusal) }
    guard let keeper = outbox.keeper, let reply = postpone(address, isCancellable: false) else { return }
    func bytes(_ range: Range<Int>?) -> [UInt8]? { range.map { Array(copying: text.extracting($0)) } }
    var message = OutboxMessage(functionID: Array(copying: text.extracting(parameters.functionID)))
    var queue: String?
    if case .enqueue(let token) = parameters.action {
      message.queue = bytes(token)
      queue = String(jsonToken: text.extracting(token))
    }
    message.payload = bytes(parameters.payload)
    message.metadata = bytes(parameters.metadata)
    message.namespace = bytes(parameters.namespace)
    message.traceparent = bytes(parameters.traceparent)
    message.baggage = bytes(parameters.baggage)
    keeper.accept(
      message, functionID: parameters.functionName(in: text), queue: queue, timeToLive: parameters.timeToLive,
      userID: state.clients.at[address.client.slot].uid, reply)
  }

  private func storingRefusal(_ parameters: TriggerParameters, _ address: ReplyAddress) -> LocalError? {
    guard parameters.isDurable else {
      return .invalidParameter("ttl_ms", "ttl_ms belongs to durability \"disk\": nothing else is kept")
    }
    // A notification has nobody who waits for a value.
    if parameters.action == .synchronous, address.id != nil {
      let text =
        "durability \"disk\" needs an action: a caller may be gone when the function's value comes; "
        + "give {\"type\":\"void\"} or {\"type\":\"enqueue\",\"queue\":…}"
      return .invalidParameter("durability", text)
    }
    return outbox.refusal
  }

  // MARK: - Administration

  func listOutbox(_ parameters: OutboxListParameters, _ address: ReplyAddress) {
    guard let keeper = outbox.keeper else { return refuse(address, outbox.refusal ?? .internalFailure("no outbox")) }
    reply(keeper.list(parameters), to: address)
  }

  func retryOutbox(_ parameters: OutboxRetryParameters, _ address: ReplyAddress) {
    administer(address, "outbox_retry") { $0.retry(parameters.outboxID, $1) }
  }

  func dropOutbox(_ parameters: OutboxDropParameters, _ address: ReplyAddress) {
    if parameters.outboxID != nil, parameters.all {
      return refuse(address, .invalidParameter("all", "all and outbox_id exclude each other; give one of them"))
    }
    administer(address, "outbox_drop") { $0.drop(parameters.outboxID, all: parameters.all, $1) }
  }

  private func administer(
    _ address: ReplyAddress, _ what: String, _ body: (OutboxKeeper, PostponedReply) -> Void
  ) {
    if let refusal = outbox.refusal { return refuse(address, refusal) }
    guard let keeper = outbox.keeper, let reply = postpone(address, isCancellable: false) else { return }
    let client = state.clients.at[address.client.slot]
    log.notice("\(what) was asked for by client \(client.id.generation) (uid \(client.uid), pid \(client.pid))")
    body(keeper, reply)
  }

  // MARK: - Draining

  /// So many calls of the outbox are on their way; a drain waits for them.
  func outboxHasInFlight(_ count: Int) {
    guard state.outboxInFlight != count, !state.isDrained else { return }
    state.outboxInFlight = count
    guard state.isDraining else { return }
    state.finishDrainIfDone()
    perform()
  }
}
