import Transport
import WebSocket

extension DevEngineServer {
  /// What a request for a channel is answered: 400 when it is not whole, 404 when there is no such channel or the key is
  /// not its own, which are not told apart (engine protocol, section 6).
  func reply(toChannel request: HandshakeRequest) -> HandshakeReply {
    guard let wanted = ChannelRequest(path: request.path, query: request.query) else {
      return .reject(status: 400, body: "the query needs key=ACCESS_KEY and dir=read or dir=write, once each\n")
    }
    guard state.channels.admits(id: wanted.channelID, accessKey: wanted.accessKey) else {
      return .reject(status: 404, body: "Channel not found")
    }
    return .accept
  }

  /// A worker's connection to a channel is open; it has been admitted.
  func openedChannel(_ wanted: ChannelRequest, _ number: Int, _ socket: WebSocketConnection) {
    connections[number] = nil
    channelEnds[number] = ChannelConnection(number: number, socket: socket, server: self)
    log(.debug, "connection \(number): \(wanted.direction.rawValue)s channel \(wanted.channelID)")
    if !state.channels.take(wanted.direction, of: wanted.channelID, by: number) {
      log(.info, "connection \(number): somebody has that end of channel \(wanted.channelID), closing the newcomer")
    }
    carryOutEffects()
  }

  func closedChannel(_ number: Int, _ reason: WebSocketCloseReason) {
    log(.debug, "connection \(number): \(reason)")
    ended(number)
  }

  // MARK: - For the ends

  func nextItem(for number: Int) -> ChannelReading {
    defer { carryOutChannelEffects() }
    return state.channels.next(for: number)
  }

  func written(_ item: ChannelItem, by number: Int) {
    state.channels.written(item, by: number)
    carryOutChannelEffects()
  }

  func ended(_ number: Int) {
    channelEnds[number] = nil
    state.channels.ended(number)
    carryOutChannelEffects()
  }

  /// Carries out what the channels ask for. What ends do meanwhile is carried out behind it.
  func carryOutChannelEffects() {
    guard !isCarryingOutChannels else { return }
    isCarryingOutChannels = true
    defer { isCarryingOutChannels = false }
    while true {
      let effects = state.channels.takeEffects()
      if effects.isEmpty { return }
      for effect in effects { carryOut(effect) }
    }
  }

  private func carryOut(_ effect: ChannelEffect) {
    switch effect {
    case .readable(let number): channelEnds[number]?.channelBecameReadable()
    case .pause(let number): channelEnds[number]?.channelPaused()
    case .resume(let number): channelEnds[number]?.channelResumed()
    case .close(let number): channelEnds[number]?.channelClosed()
    case .drop(let number): channelEnds[number]?.channelDropped()
    }
  }
}

// MARK: - Channels of the engine itself

extension DevEngineServer {
  /// Makes a channel that the engine writes and a worker reads.
  ///
  /// - Returns: The writing end, and the reference for the worker's payload.
  /// - Throws: When there are too many channels.
  package func makeChannelToWrite() throws(ErrorBody) -> (writer: EngineChannelWriter, reference: JSONValue) {
    let references = try state.makeChannel(now: now)
    let writer = EngineChannelWriter(number: takeNumber(), server: self)
    attach(writer, writer.number, .write, references)
    return (writer, references.reader)
  }

  /// Makes a channel that a worker writes and the engine reads.
  ///
  /// - Returns: The reading end, and the reference for the worker's payload.
  /// - Throws: When there are too many channels.
  package func makeChannelToRead() throws(ErrorBody) -> (reader: EngineChannelReader, reference: JSONValue) {
    let references = try state.makeChannel(now: now)
    let reader = EngineChannelReader(number: takeNumber(), server: self)
    attach(reader, reader.number, .read, references)
    return (reader, references.writer)
  }

  private func attach(
    _ end: any ChannelEnd, _ number: Int, _ direction: ChannelDirection, _ references: ChannelReferences
  ) {
    channelEnds[number] = end
    state.channels.take(direction, of: references.channelID, by: number)
    // The sweep has a deadline.
    carryOutEffects()
  }
}
