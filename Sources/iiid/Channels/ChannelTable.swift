import III
import LocalProtocol
import Transport

/// The ends of channels that clients have open: those they use by requests, and the connections that are one.
///
/// Owned by ``Relay``. An end belongs to the connection that opened it, and ends with it; a writing end that its client has
/// left stays until what was accepted has left, or does not move any more.
final class ChannelTable {
  /// How many ends of a connection are remembered after they were over.
  private static let remembered = 32

  private unowned let relay: Relay
  private var quota = ChannelQuota()
  private var readers: [ChannelKey: ReadingEnd] = [:]
  private var writers: [ChannelKey: WritingEnd] = [:]
  private var raw: [ClientID: RawChannel] = [:]
  /// Ends whose client is gone, with how far they had come when they were looked at last.
  private var leaving: [ObjectIdentifier: (end: any LeavingEnd, progress: Int)] = [:]
  /// How ends ended that were used by requests, the last ones last.
  private var over: [ClientID: [(ref: ChannelReference, error: LocalError)]] = [:]
  private lazy var timer = Timer(on: relay.loop) { [unowned self] in dropStalled() }

  init(_ relay: Relay) { self.relay = relay }

  /// How many ends there are.
  var count: Int { quota.total }

  private var endpoint: ChannelEndpoint {
    var endpoint = relay.link.channels
    endpoint.largestMessage = relay.limits.channelMessageBytes
    return endpoint
  }

  /// Why this client may open no further end; nil when it may.
  func refusal(for client: LocalClient) -> LocalError? { quota.refusal(for: client.holder, limits: relay.limits) }

  /// Answers a request.
  func answer(_ call: Int, _ reply: RelayEffect.Reply) {
    relay.state.channelAnswered(call, reply)
    // The answer may be what its client's end waits for, and with it the end of what calls this.
    relay.performLater()
  }
}

// MARK: - Requests

extension ChannelTable {
  func read(_ call: Int, of client: LocalClient, _ parameters: ReadChannelParameters) {
    let key = ChannelKey(holder: client.holder, ref: parameters.ref)
    if let reader = readers[key] { return reader.read(call, upTo: parameters.maximum) }
    if let error = overError(key) ?? refusal(for: client) { return answer(call, .error(error)) }
    quota.opened(by: key.holder)
    let reader = ReadingEnd(key, self, endpoint)
    readers[key] = reader
    reader.read(call, upTo: parameters.maximum)
  }

  func write(_ call: Int, of client: LocalClient, _ parameters: WriteChannelParameters) {
    switch writer(client, parameters.ref) {
    case .success(let writer): writer.write(call, parameters.content, isLast: parameters.isLast)
    case .failure(let error): answer(call, .error(error))
    }
  }

  /// Closes an end. That of a writer who never wrote is opened for this, so that the reader hears of the end.
  func close(_ call: Int, of client: LocalClient, _ ref: ChannelReference) {
    if ref.isForWriting {
      switch writer(client, ref) {
      case .success(let writer): writer.close(call)
      case .failure(let error): answer(call, .error(error))
      }
      return
    }
    let key = ChannelKey(holder: client.holder, ref: ref)
    guard let reader = readers[key] else { return answer(call, .error(overError(key) ?? .channelEnded(ref))) }
    reader.close()
    ended(reader, nil)
    answer(call, .report(.object([:])))
  }

  private func writer(_ client: LocalClient, _ ref: ChannelReference) -> Result<WritingEnd, LocalError> {
    let key = ChannelKey(holder: client.holder, ref: ref)
    if let writer = writers[key] { return .success(writer) }
    if let error = overError(key) ?? refusal(for: client) { return .failure(error) }
    quota.opened(by: key.holder)
    let writer = WritingEnd(key, self, endpoint, window: relay.limits.channelWindowBytes)
    writers[key] = writer
    return .success(writer)
  }

  /// The request is not to be answered any more; or the connection that is an end is to be ended.
  func forget(_ call: Int) {
    readers.values.first { $0.waitingCall == call }?.forget()
    writers.values.first { $0.isWaiting(for: call) }?.forget(call)
    raw.values.first { $0.call == call }?.giveUp()
  }

  /// The request has waited long enough.
  func expired(_ call: Int) { readers.values.first { $0.waitingCall == call }?.expire() }

  private func overError(_ key: ChannelKey) -> LocalError? {
    over[key.holder.client]?.last { $0.ref == key.ref }?.error
  }
}

// MARK: - Connections that are an end

extension ChannelTable {
  /// An end for a connection to become.
  func attach(_ client: LocalClient, _ id: RequestID, _ call: Int, _ ref: ChannelReference) -> RawChannel {
    quota.opened(by: client.holder)
    let channel = RawChannel(client, id, call: call, ref, relay, endpoint)
    raw[client.id] = channel
    return channel
  }

  /// The end is over, and its connection has nothing to do with it any more.
  func ended(_ channel: RawChannel) {
    let wasKnown = leaving.removeValue(forKey: ObjectIdentifier(channel)) != nil
    guard raw.removeValue(forKey: channel.holder.client) != nil || wasKnown else { return }
    quota.closed(by: channel.holder)
  }

  /// The connection is gone; what its client has sent still leaves.
  func leave(_ channel: RawChannel) {
    raw[channel.holder.client] = nil
    watch(channel)
  }
}

// MARK: - The end

extension ChannelTable {
  func ended(_ end: ReadingEnd, _ error: ChannelError?) {
    guard readers.removeValue(forKey: end.key) != nil else { return }
    closed(end.key, error)
  }

  func ended(_ end: WritingEnd, _ error: ChannelError?) {
    let wasLeaving = leaving.removeValue(forKey: ObjectIdentifier(end)) != nil
    guard writers.removeValue(forKey: end.key) != nil || wasLeaving else { return }
    closed(end.key, error)
  }

  /// An end that was never ours may be asked for again; any other one is over for this connection.
  private func closed(_ key: ChannelKey, _ error: ChannelError?) {
    quota.closed(by: key.holder)
    switch error?.code {
    case .notConnected, .notFound, .invalid: return
    default: break
    }
    let client = key.holder.client
    guard relay.connection(client) != nil else { return }
    over[client, default: []].append((key.ref, error.map { LocalError($0) } ?? .channelEnded(key.ref)))
    if over[client, default: []].count > Self.remembered { over[client]?.removeFirst() }
  }

  /// A connection is gone: so are its ends.
  func clientGone(_ client: ClientID) {
    over[client] = nil
    for (key, reader) in readers where key.holder.client == client {
      readers[key] = nil
      quota.closed(by: key.holder)
      reader.forget()
      reader.close()
    }
    for (key, writer) in writers where key.holder.client == client {
      writers[key] = nil
      if writer.leave() { watch(writer) } else { quota.closed(by: key.holder) }
    }
  }

  private func watch(_ end: any LeavingEnd) {
    leaving[ObjectIdentifier(end)] = (end, end.progress)
    if !timer.isActive { timer.start(after: relay.limits.outputStallMilliseconds) }
  }

  private func dropStalled() {
    for (id, entry) in leaving {
      let progress = entry.end.progress
      guard progress == entry.progress else {
        leaving[id]?.progress = progress
        continue
      }
      relay.log.warning("channel \(entry.end.channelID) has not moved since its writer left, giving up what it wrote")
      entry.end.abort()
    }
    if !leaving.isEmpty { timer.start(after: relay.limits.outputStallMilliseconds) }
  }
}
