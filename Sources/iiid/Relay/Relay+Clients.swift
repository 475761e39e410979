import Bytes
import III
import LocalProtocol
import RawJSON
import Transport

// Connections of local programs: how they come, what they say, how they go.
extension Relay {
  /// Takes a connection in, or refuses it with one line.
  func accept(_ stream: SocketStream) {
    let peer: PeerCredentials
    do {
      peer = try stream.peerCredentials()
    } catch {
      log.warning("a connection without credentials, refusing: \(error)")
      return stream.close()
    }
    if let refusal = refusal(for: peer) {
      DaemonMessage.error(nil, refusal, to: &stream.output)
      let nobody = Nobody()
      stream.start(owner: nobody)
      return withExtendedLifetime(nobody) { stream.closeAfterFlush() }
    }
    let id = state.clientConnected(
      uid: peer.userID, gid: peer.groupID, pid: peer.processID, groups: peer.groups)
    while connections.count <= id.slot { connections.append(nil) }
    let client = LocalClient(id, peer: peer, stream: stream, relay: self)
    connections[id.slot] = client
    log.debug("client \(id.generation) connected: uid \(peer.userID), pid \(peer.processID)")
    stream.start(owner: client)
  }

  private func refusal(for peer: PeerCredentials) -> LocalError? {
    if state.isDraining { return .shuttingDown() }
    if state.clients.count >= limits.connections {
      return .overloaded("\(limits.connections) connections are open already", retryAfter: 1000)
    }
    let own = connections.count { $0?.peer.userID == peer.userID }
    if own >= limits.connectionsPerUser {
      return .overloaded(
        "user \(peer.userID) has \(limits.connectionsPerUser) connections open already", retryAfter: 1000)
    }
    return nil
  }

  /// Owns a connection that is refused, for as long as its refusal takes.
  private final class Nobody: SocketStreamOwner {
    func streamReceived(_ stream: SocketStream) { stream.input.removeAll() }
    func streamClosed(_ stream: SocketStream, _ error: Errno?) {}
  }

  func connection(_ client: ClientID) -> LocalClient? {
    guard client.slot < connections.count, let connection = connections[client.slot], connection.id == client else {
      return nil
    }
    return connection
  }

  // MARK: - What they say

  func received(tooLong size: Int, from client: LocalClient) {
    let error = LocalError.payloadTooLarge("a line", limit: limits.lineBytes, size: size)
    client.write { DaemonMessage.error(nil, error, to: &$0) }
  }

  /// One message of `client`, read from `text` by `reader`.
  func received(
    _ message: ClientMessage, _ reader: borrowing MessageReader, _ text: Span<UInt8>, from client: LocalClient,
    batch: Int? = nil
  ) {
    switch message {
    case .request(let request):
      apply(request, reader, text, ReplyAddress(client: client.id, id: request.id, batch: batch))
    case .response(let response): answered(response, text, by: client)
    case .refused(let id, let error):
      let address = ReplyAddress(client: client.id, id: id, batch: batch)
      write(to: address) { DaemonMessage.error(id, error, to: &$0) }
      if batch == nil, reader.method == .attachChannel { finish(client.id) }
    case .batch: break
    }
  }

  /// Reads the elements of a batch one after the other; notifications and answers get no place in the result.
  func received(
    batchOf elements: [Range<Int>], _ text: Span<UInt8>, from client: LocalClient, _ reader: inout MessageReader
  ) {
    batchCount += 1
    let slot = batchCount
    batches[slot] = Batch(client: client.id)
    for element in elements {
      let line = text.extracting(element)
      let message = reader.read(line, batchOffset: element.lowerBound)
      if Self.isAnswered(message) { batches[slot]?.answer.expect() }
      received(message, reader, line, from: client, batch: slot)
    }
    batches[slot]?.isReading = false
    finishBatch(slot)
  }

  private static func isAnswered(_ message: ClientMessage) -> Bool {
    switch message {
    case .request(let request): request.id != nil
    case .refused: true
    case .response, .batch: false
    }
  }

  /// Sends the answers to a batch once they are all there.
  func finishBatch(_ slot: Int) {
    guard let batch = batches[slot], !batch.isReading, batch.answer.isComplete else { return }
    batches[slot] = nil
    connection(batch.client)?.write { batch.write(to: &$0) }
  }

  /// A worker's answer to one of our requests.
  private func answered(_ response: ClientResponse, _ text: Span<UInt8>, by client: LocalClient) {
    let answer: RelayEffect.Answer
    switch response.outcome {
    case .result(let range): answer = .result(range)
    case .failure(let failure): answer = .failure(failure)
    case .unusable(let reason, let complaint):
      answer = .error(code: "invocation_failed", message: reason)
      let error = complaint.inReplyTo(response.id, in: text)
      client.write { DaemonMessage.error(nil, error, to: &$0) }
    }
    let known =
      response.number.map { number in
        state.workerAnswered(client.id, serial: number, answer)
          || state.providerAnswered(client.id, serial: number, failure(in: answer, text), now: loop.now)
      } ?? false
    if !known {
      log.info(
        "client \(client.id.generation) answered a request that is not open, ignoring", repeating: "stray answers")
    }
    answerWasTooLarge = false
    perform(text)
    if answerWasTooLarge, case .result(let range) = response.outcome {
      let complaint = LocalError.payloadTooLarge("a result", limit: link.options.maximumMessage, size: range.count)
      let error = complaint.inReplyTo(response.id, in: text)
      client.write { DaemonMessage.error(nil, error, to: &$0) }
    }
  }

  /// What a provider's answer means for the binding: any value, that it is served.
  private func failure(in answer: RelayEffect.Answer, _ text: Span<UInt8>) -> TriggerFailure? {
    switch answer {
    case .result: nil
    case .failure(let failure):
      TriggerFailure(
        code: failure.code.flatMap { String(jsonToken: text.extracting($0)) } ?? TriggerFailure.registrationFailed,
        message: failure.message.flatMap { String(jsonToken: text.extracting($0)) } ?? "the provider gave no message")
    case .error(_, let message): TriggerFailure(code: TriggerFailure.registrationFailed, message: message)
    }
  }

  // MARK: - How they go

  /// The client writes no more.
  func reachedEnd(_ client: LocalClient) {
    state.clientReachedEnd(client.id, now: loop.now)
    perform()
  }

  /// The client is gone.
  func closed(_ client: LocalClient) { closed(client.id) }

  /// The client is gone.
  func closed(_ id: ClientID) {
    guard let client = connection(id) else { return }
    client.isServed = false
    connections[client.id.slot] = nil
    if !batches.isEmpty { batches = batches.filter { $0.value.client != client.id } }
    log.debug("client \(client.id.generation) is gone")
    endSubscriptions(of: client.id)
    channels.clientGone(client.id)
    state.clientClosed(client.id, now: loop.now)
    perform()
  }

  /// Disconnects a client for what it did.
  func disconnect(_ client: LocalClient, _ reason: String) {
    log.warning(
      "disconnecting client \(client.id.generation) (uid \(client.peer.userID), pid \(client.peer.processID)): \(reason)"
    )
    client.stream.closeAfterFlush()
    closed(client)
  }

  /// Closes a connection whose client has all its answers, once it has taken them.
  func finish(_ client: ClientID) {
    guard let connection = connection(client) else { return }
    guard connection.stream.pendingOutput == 0 else { return connection.finishWhenTaken() }
    connection.stream.closeAfterFlush()
    closed(connection)
  }

  /// Whether a request of ours is open at the client.
  func isWaiting(for client: ClientID) -> Bool {
    !state.clients.at[client.slot].invocations.isEmpty || state.isProvider(client)
  }
}
