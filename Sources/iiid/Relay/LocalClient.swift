import Bytes
import LocalProtocol
import RawJSON
import Transport

/// One connection of a local program: its socket, its lines, and how it behaves as a reader.
///
/// Owned by ``Relay``, which is told of every line; it decides nothing but when to stop reading.
final class LocalClient {
  /// How many messages are taken from it in a turn of the loop, or a whole batch: a read may hold hundreds of them, and all
  /// others would wait.
  private static let messagesPerTurn = 64

  let id: ClientID
  let peer: PeerCredentials
  let stream: SocketStream
  unowned let relay: Relay

  /// By whom its channels are counted.
  var holder: ChannelHolder { ChannelHolder(client: id, user: peer.userID) }

  private var decoder: LineDecoder
  private var reader = MessageReader()
  /// Reads the elements of a batch; made when the first one comes.
  private var elementReader: MessageReader?
  /// Whether the relay still knows the client; not after it was disconnected for a line of these.
  var isServed = true
  /// What the connection has become: then there are no lines any more.
  private var raw: RawChannel?
  /// Whether the other end is gone: what it sent is read to the end.
  private var isGone = false
  /// Whether nothing more is taken from it: what it has sent is read in this turn.
  private var isEnding = false
  /// Whether the relay knows that it will say nothing more.
  private var hasToldEnd = false
  /// Whether it has only to take what was written for it.
  private var isFinishing = false
  /// How many messages may still come in this turn.
  private var messagesLeft = 0
  /// Lines in a row that were no message.
  private var badLines = 0
  /// How many bytes were written for it, ever.
  private var written = 0
  /// While too much output waits: how many bytes it had taken when it was last seen to take some, and when that was.
  private var progress: (taken: Int, at: MonotonicTime)?

  init(_ id: ClientID, peer: PeerCredentials, stream: SocketStream, relay: Relay) {
    self.id = id
    self.peer = peer
    self.stream = stream
    self.relay = relay
    decoder = LineDecoder(limit: relay.limits.lineBytes)
    stream.outputMark = relay.limits.outputBytes
  }

  /// The relay has other limits now.
  func limitsChanged() {
    decoder.limit = relay.limits.lineBytes
    if raw == nil, !isFinishing { stream.outputMark = relay.limits.outputBytes }
  }

  /// Appends one line to the output; it leaves in the flush at the end of the turn.
  func write(_ body: (inout ByteBuffer) -> Void) {
    guard stream.isOpen else { return }
    let before = stream.output.count
    body(&stream.output)
    written += stream.output.count - before
    stream.markDirty()
    watchProgress()
  }

  // MARK: - Lines

  /// Hands complete lines to the relay, as many as a turn allows, as long as the client is to be read from.
  private func readLines() {
    guard raw == nil, !isFinishing else { return }
    // The input is taken out, so that whatever the relay does with this client meets no access under way.
    var input = stream.input.take()
    messagesLeft = Self.messagesPerTurn
    decoder.decode(&input, atEnd: stream.hasReachedEnd || isGone) { event, line in
      switch event {
      case .line: read(line)
      case .tooLong(let size): relay.received(tooLong: size, from: self)
      }
      messagesLeft -= 1
      return isServed && raw == nil && !isFinishing
        && (isGone || stream.isOpen && !stream.isPaused && (isEnding || messagesLeft > 0))
    }
    swap(&stream.input, &input)
    guard isServed, !isFinishing, stream.isOpen, !stream.isPaused else { return }
    if messagesLeft <= 0, !stream.input.isEmpty {
      // Not read from until its next turn.
      stream.pauseReading()
      relay.loop.atEndOfTurn { [weak self] in self?.resume() }
    } else if stream.hasReachedEnd, !hasToldEnd {
      hasToldEnd = true
      relay.reachedEnd(self)
    }
  }

  private func read(_ line: Span<UInt8>) {
    let message = reader.read(line)
    switch message {
    case .refused(nil, let error) where error.row == .parseError:
      badLines += 1
      relay.received(message, reader, line, from: self)
      if badLines >= relay.limits.badLines { relay.disconnect(self, "\(badLines) lines in a row were no JSON") }
    case .batch:
      badLines = 0
      messagesLeft -= reader.envelope.members.count
      var elements = elementReader.take() ?? MessageReader()
      relay.received(batchOf: reader.envelope.members.map(\.value), line, from: self, &elements)
      elementReader = consume elements
    default:
      badLines = 0
      relay.received(message, reader, line, from: self)
    }
    if raw == nil, !isFinishing { pauseIfBehind() }
  }

  /// Makes the connection the end of a channel: what stands behind the line that is being read is the channel's.
  func becomeRaw(_ channel: RawChannel) {
    raw = channel
    channel.start()
  }

  /// Takes what it has sent until now, and nothing from then on.
  func endInput() {
    isEnding = true
    stream.endInput()
  }

  /// Reads nothing more from it; ``Relay/finish(_:)`` is called again when it has taken what was written for it. It stays a
  /// client until then: it is counted, and has as long as any other as long as it does take something.
  func finishWhenTaken() {
    isFinishing = true
    stream.pauseReading()
    stream.outputMark = 0
    stream.markDirty()
    watchProgress()
  }

  // MARK: - Back-pressure

  /// Stops reading from a client that does not take its answers, unless we wait for an answer of its own, which would
  /// then never be read (local protocol, section 2.2).
  private func pauseIfBehind() {
    if stream.isOpen, isBehind, !relay.isWaiting(for: id) { stream.pauseReading() }
  }

  /// Reads from the client again: it has taken its output, or an answer of its own is needed.
  func resume() {
    guard raw == nil, !isFinishing, stream.isOpen, stream.isPaused else { return }
    stream.resumeReading()
    // Not at once: the relay may be in the middle of something else.
    relay.loop.atEndOfTurn { [weak self] in
      guard let self, stream.isOpen, !stream.isPaused else { return }
      readLines()
    }
  }

  /// Has the relay look after a client for whom too much output waits.
  private func watchProgress() {
    guard progress == nil, isBehind else { return }
    progress = (written - stream.pendingOutput, relay.loop.now)
    relay.watchStalls()
  }

  /// Whether the client has taken nothing for too long while too much waits for it.
  func isStalled(now: MonotonicTime) -> Bool {
    guard isBehind, let last = progress else {
      progress = nil
      return false
    }
    let taken = written - stream.pendingOutput
    if taken > last.taken { progress = (taken, now) }
    return taken == last.taken && now - last.at >= relay.limits.outputStallMilliseconds
  }

  /// Whether too much output waits.
  var isBehind: Bool { raw == nil && stream.pendingOutput > stream.outputMark }
}

extension LocalClient: SocketStreamOwner {
  func streamReceived(_ stream: SocketStream) { readLines() }

  func streamReachedEnd(_ stream: SocketStream) { readLines() }

  func streamClosed(_ stream: SocketStream, _ error: Errno?) {
    // What it sent before it went, while it was not read from, still counts: void calls and answers.
    isGone = true
    readLines()
    relay.closed(self)
  }

  func streamDrained(_ stream: SocketStream) {
    if isFinishing { return relay.finish(id) }
    relay.sendHeldEvents(to: id)
    resume()
  }
}
