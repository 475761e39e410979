import Bytes
import III
import LocalProtocol
import Transport

/// A connection that is an end of a channel: bytes in one direction, without lines, until it is closed.
///
/// Owned by ``ChannelTable``, and the stream's owner from ``start()`` on. Each side is read only while the other has room:
/// what waits here is one read or one message beyond a mark.
final class RawChannel {
  /// With this many bytes waiting for the client nothing more is taken from the engine.
  static let outputMark = 256 << 10

  let holder: ChannelHolder
  /// The record by which the relay knows that something is under way.
  let call: Int
  let ref: ChannelReference
  let stream: SocketStream
  unowned let relay: Relay
  private let id: RequestID
  private let endpoint: ChannelEndpoint
  var link: ChannelLink?
  /// How many bytes have passed.
  var byteCount = 0
  /// What a client sent that is gone, and has not left.
  var rest = ByteBuffer()
  private var isAnnounced = false
  private var isClientGone = false
  /// How it ended, while what has arrived is not written yet.
  private var end: Result<Void, ChannelError>?
  private var timer: Timer?

  init(
    _ client: LocalClient, _ id: RequestID, call: Int, _ ref: ChannelReference, _ relay: Relay,
    _ endpoint: ChannelEndpoint
  ) {
    holder = client.holder
    stream = client.stream
    self.id = id
    self.call = call
    self.ref = ref
    self.relay = relay
    self.endpoint = endpoint
  }

  /// Takes the stream over, and opens the end. Nothing is read from the client meanwhile.
  func start() {
    stream.pauseReading()
    stream.outputMark = Self.outputMark
    stream.changeOwner(to: self)
    link = endpoint.open(StreamChannelRef(ref), owner: self)
  }

  /// Says that from here on there are bytes, once it is known that the end is ours.
  func announce() {
    guard !isAnnounced else { return }
    isAnnounced = true
    timer = nil
    guard !isClientGone else { return }
    DaemonMessage.result(id, to: &stream.output) {
      Report.object(["mode": "raw", "direction": .string(ref.direction)]).write(to: &$0)
    }
    stream.markDirty()
  }

  /// The daemon ends, and waits no longer. What a reader has not taken by now it does not get, and it hears of a loss.
  func giveUp() {
    let error = ChannelError(code: .shutdown, message: "the daemon is ending", channelID: ref.channelID)
    guard isAnnounced, !ref.isForWriting else { return channelEnded(.failure(error)) }
    end = .failure(error)
    link?.abort()
    close(isReset: true)
  }
}

// MARK: - The engine's side

extension RawChannel: ChannelLinkOwner {
  func channelOpened(_ link: ChannelLink) {
    sendMore()
    let timer = Timer(on: relay.loop) { [unowned self] in announce() }
    timer.start(after: ChannelLink.takenWindow)
    self.timer = timer
  }

  func channel(_ link: ChannelLink, received kind: ChannelItem.Kind, _ payload: Span<UInt8>) {
    announce()
    // Texts are beside the content, in every SDK.
    guard kind == .bytes, end == nil else { return }
    stream.output.append(payload)
    stream.markDirty()
    byteCount += payload.count
    if stream.pendingOutput > Self.outputMark { link.pauseReading() }
  }

  func channelDrained(_ link: ChannelLink) { sendMore() }

  func channelClosed(_ link: ChannelLink, _ result: Result<Void, ChannelError>) {
    self.link = nil
    channelEnded(result)
  }

  private func channelEnded(_ result: Result<Void, ChannelError>) {
    guard end == nil else { return }
    end = result
    timer = nil
    link?.abort()
    if isClientGone { return relay.channels.ended(self) }
    if case .failure(let error) = result, !isAnnounced {
      DaemonMessage.error(id, LocalError(error), to: &stream.output)
      return close(isReset: false)
    }
    announce()
    guard !ref.isForWriting else {
      switch result {
      case .success: DaemonMessage.channelEnd(byteCount: byteCount, to: &stream.output)
      case .failure(let error):
        let error = LocalError(error).with("bytes", .integer(byteCount))
        DaemonMessage.error(nil, error, to: &stream.output)
      }
      return close(isReset: false)
    }
    // A slow client has all the time it wants for what has arrived.
    stream.outputMark = 0
    stream.markDirty()
    if stream.pendingOutput == 0 { closeReading(result) }
  }

  /// Everything that has arrived is written. A client that has sent something since it was told of the mode hears from the
  /// kernel of a loss, because its bytes are still there: the same as when this process dies.
  private func closeReading(_ result: Result<Void, ChannelError>) {
    if case .success = result { close(isReset: false) } else { close(isReset: true) }
  }

  private func close(isReset: Bool) {
    relay.channels.ended(self)
    if isReset { stream.close() } else { stream.closeAfterFlush() }
    relay.closed(holder.client)
  }
}

// MARK: - The client's side

extension RawChannel: SocketStreamOwner {
  func streamReceived(_ stream: SocketStream) { sendMore() }

  func streamReachedEnd(_ stream: SocketStream) { sendMore() }

  func streamDrained(_ stream: SocketStream) {
    if let end { return closeReading(end) }
    link?.resumeReading()
  }

  func streamClosed(_ stream: SocketStream, _ error: Errno?) {
    isClientGone = true
    if ref.isForWriting, end == nil {
      rest = stream.input.take()
      relay.channels.leave(self)
      sendMore()
    } else {
      end = end ?? .success(())
      link?.abort()
      relay.channels.ended(self)
    }
    relay.closed(holder.client)
  }
}

// MARK: - Writing

extension RawChannel: LeavingEnd {
  var channelID: String { ref.channelID }
  var progress: Int { link?.bytesWritten ?? 0 }

  func abort() { channelEnded(.failure(ChannelError(code: .closed, message: "given up", channelID: ref.channelID))) }

  /// Gives the engine what the client has sent, as far as there is room: one read is one message. Nothing for a reader.
  private func sendMore() {
    guard ref.isForWriting, end == nil, let link, link.isOpen else { return }
    var input = isClientGone ? rest.take() : stream.input.take()
    while !input.isEmpty, link.hasRoom {
      let count = min(input.count, SocketStream.readSize)
      link.send(.bytes, input.span.extracting(first: count))
      input.consume(count)
      byteCount += count
    }
    let isEmpty = input.isEmpty
    if isClientGone { rest = input } else { swap(&stream.input, &input) }
    if isEmpty, isClientGone || stream.hasReachedEnd { return link.close() }
    guard !isClientGone else { return }
    if link.hasRoom { stream.resumeReading() } else { stream.pauseReading() }
  }
}
