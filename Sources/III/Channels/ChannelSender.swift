/// A writing end on a loop: one connection, made when there is something to send.
///
/// Owned by ``WorkerCore``, or by the daemon. It hands the connection no more than that has room for, so that who writes
/// waits for an engine that does not read.
package final class ChannelSender {
  /// Who waits: called once.
  package typealias Completion = (Result<Void, any Error>) -> Void

  private let ref: StreamChannelRef
  private let endpoint: ChannelEndpoint
  private var link: ChannelLink?
  private var outbox = ChannelOutbox()
  private var waiting: [Int: Completion] = [:]
  private var closing: [Int: Completion] = [:]
  private var isClosing = false
  private var abandoned: (() -> Void)?
  /// How it ended, once it has.
  private var end: Result<Void, ChannelError>?

  /// Whether nothing more comes of it, but what waits.
  package var hasEnded: Bool { end != nil }

  /// How many bytes the kernel has taken so far.
  package var bytesWritten: Int { link?.bytesWritten ?? 0 }

  /// An end that is not connected.
  package init(_ ref: StreamChannelRef, _ endpoint: ChannelEndpoint) {
    self.ref = ref
    self.endpoint = endpoint
  }

  /// Sends a message, or several; `done` is called when all of it is in the connection's hands.
  package func send(_ number: Int, _ kind: ChannelItem.Kind, _ bytes: [UInt8], _ done: @escaping Completion) {
    if case .failure(let error) = end { return done(.failure(error)) }
    guard end == nil, !isClosing else { return done(.failure(ChannelError.closed(ref))) }
    waiting[number] = done
    outbox.append(number, kind, bytes)
    start()
  }

  /// Closes behind everything that was sent; `done` is called when the engine has taken all of it.
  package func close(_ number: Int, _ done: @escaping Completion) {
    if let end { return done(end.mapError { $0 as any Error }) }
    closing[number] = done
    isClosing = true
    start()
  }

  /// Who waits has been cancelled: nothing of it is sent, or, when that is too late, nothing more at all.
  package func cancel(_ number: Int) {
    guard let done = waiting.removeValue(forKey: number) ?? closing.removeValue(forKey: number) else { return }
    done(.failure(CancellationError()))
    if isClosing || !outbox.remove(number) { finish(.failure(.closed(ref))) }
  }

  /// Ends it at once.
  package func finish(_ result: Result<Void, ChannelError>) {
    conclude(result)
    link?.abort()
  }

  /// The worker is over.
  func shutdown() { finish(.failure(.shutdown(ref))) }

  /// Nobody has it any more: what is in the connection's hands still leaves.
  ///
  /// - Parameter done: Called when it has; not when there is nothing to wait for.
  /// - Returns: Whether there is something to wait for.
  func abandon(_ done: @escaping () -> Void) -> Bool {
    guard end == nil, let link else { return false }
    guard link.isOpen else {
      finish(.failure(.closed(ref)))
      return false
    }
    abandoned = done
    link.leave()
    return true
  }

  private func start() {
    if link == nil { link = endpoint.open(ref, owner: self) }
    pump()
  }

  /// Gives the connection what it has room for.
  private func pump() {
    guard let link else { return }
    while link.hasRoom, let piece = outbox.next() {
      link.send(piece.kind, piece.bytes.span.extracting(piece.range))
      if let number = piece.finished { waiting.removeValue(forKey: number)?(.success(())) }
    }
    if isClosing, outbox.isEmpty, link.isOpen { link.close() }
  }

  /// There was no connection: the next one who writes tries again.
  private func failWaiting(_ error: ChannelError) {
    outbox = ChannelOutbox()
    isClosing = false
    tell(.failure(error), closing: .failure(error))
  }

  private func conclude(_ result: Result<Void, ChannelError>) {
    guard end == nil else { return }
    end = result
    outbox = ChannelOutbox()
    tell(result.flatMap { .failure(.closed(ref)) }, closing: result)
  }

  private func tell(_ writers: Result<Void, ChannelError>, closing closers: Result<Void, ChannelError>) {
    let (waiting, closing) = (waiting.values, closing.values)
    self.waiting = [:]
    self.closing = [:]
    for done in waiting { done(writers.mapError { $0 as any Error }) }
    for done in closing { done(closers.mapError { $0 as any Error }) }
  }
}

// MARK: - The connection

extension ChannelSender: ChannelLinkOwner {
  package func channelOpened(_ link: ChannelLink) { pump() }

  package func channel(_ link: ChannelLink, received kind: ChannelItem.Kind, _ payload: Span<UInt8>) {}

  package func channelDrained(_ link: ChannelLink) { pump() }

  package func channelClosed(_ link: ChannelLink, _ result: Result<Void, ChannelError>) {
    self.link = nil
    defer { abandoned?() }
    guard case .failure(let error) = result, error.code == .notConnected else { return conclude(result) }
    failWaiting(error)
  }
}
